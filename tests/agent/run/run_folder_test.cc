#include "agent/run/run_folder.h"

#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace nabla::agent {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using test::IsLineWith;
using test::MessageOf;
using test::TempFolder;

// Starts a run as a program does.
void Begin(RunFolder& run) {
  WriteFileAtomically(run.paths().config(), "agent: td3\n");
  run.Start({{"version", "1"}}, 0);
}

TEST_CASE("Runs are numbered, and latest is the newest") {
  const TempFolder root;
  CHECK(RunFolder::Create(root.path(), "td3", "Pendulum-v1").paths().root ==
        root.path() / "td3" / "Pendulum-v1_1");
  CHECK(RunFolder::Create(root.path(), "td3", "Pendulum-v1_2").paths().root.filename() ==
        "Pendulum-v1_2_1");
  fs::create_directory(root.path() / "td3" / "Pendulum-v1_8");
  fs::create_directory(root.path() / "td3" / "Pendulum-v1_9x");
  CHECK(RunFolder::Create(root.path(), "td3", "Pendulum-v1").paths().root.filename() ==
        "Pendulum-v1_9");
  RunFolder newest = RunFolder::Create(root.path(), "sac", "a/b");
  CHECK(newest.paths().root.filename() == "a-b_1");
  CHECK(!fs::exists(fs::symlink_status(root / "latest")));  // no run has started yet
  Begin(newest);
  CHECK(fs::read_symlink(root / "latest") == "sac/a-b_1");
}

TEST_CASE("Processes that start at the same time get different folders") {
  const TempFolder root;
  constexpr int kProcesses = 8;
  constexpr int kRuns = 10;
  for (int i = 0; i < kProcesses; ++i) {
    if (::fork() == 0) {
      int status = 0;
      for (int j = 0; j < kRuns; ++j) {
        try {
          RunFolder run = RunFolder::Create(root.path(), "td3", "Pendulum-v1");
          Begin(run);
          WriteFileAtomically(run.paths().root / ("by_" + std::to_string(i)), "");
        } catch (const std::exception&) {
          status = 1;
        }
      }
      ::_exit(status);
    }
  }
  for (int i = 0; i < kProcesses; ++i) {
    int status = -1;
    ::wait(&status);
    CHECK(status == 0);
  }
  const auto runs = ListFolder(root / "td3");
  CHECK(runs.size() == kProcesses * kRuns);
  for (const std::string& run : runs) CHECK(ListFolder(root.path() / "td3" / run).size() == 4);
  CHECK(ListFolder(root.path()) == std::vector<std::string>{"latest", "td3"});
}

TEST_CASE("A run folder has one owner, and readers need no lock") {
  const TempFolder root;
  {
    RunFolder run = RunFolder::CreateAt(root / "run");
    Begin(run);
    CHECK(FindRun(root / "run").config() == root / "run/config.yaml");
    int status = -1;
    if (const pid_t child = ::fork(); child == 0) {
      // The child's copy of the descriptor has the same lock; a second open does not.
      const std::string error = MessageOf<InputError>([&] { RunFolder::Open(root / "run"); });
      ::_exit(IsLineWith(error, "in use by process " + std::to_string(::getppid())) ? 0 : 1);
    } else {
      ::waitpid(child, &status, 0);
    }
    CHECK(status == 0);
    CHECK(IsLineWith(MessageOf<InputError>([&] { RunFolder::CreateAt(root / "run"); }), "in use"));
  }
  CHECK(RunFolder::Open(root / "run").paths().root == root / "run");
}

TEST_CASE("A killed owner leaves no lock") {
  const TempFolder root;
  int pipe_ends[2];
  REQUIRE(::pipe(pipe_ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    RunFolder run = RunFolder::CreateAt(root / "run");
    Begin(run);
    [[maybe_unused]] const auto written = ::write(pipe_ends[1], "x", 1);
    ::pause();
    ::_exit(0);
  }
  char ready = 0;
  REQUIRE(::read(pipe_ends[0], &ready, 1) == 1);
  CHECK(IsLineWith(MessageOf<InputError>([&] { RunFolder::Open(root / "run"); }),
                   "in use by process " + std::to_string(child)));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(pipe_ends[0]);
  ::close(pipe_ends[1]);
  CHECK_NOTHROW(RunFolder::Open(root / "run"));
}

TEST_CASE("A new run is not started in the folder of another") {
  const TempFolder root;
  fs::create_directory(root / "run");
  WriteFileAtomically(root.path() / "run" / "notes.txt", "mine");
  {
    RunFolder run = RunFolder::CreateAt(root / "run");  // the folder may exist
    Begin(run);
  }
  CHECK(IsLineWith(MessageOf<InputError>([&] { RunFolder::CreateAt(root / "run"); }), "config.yaml",
                   "nabla resume " + (root / "run").string()));
}

TEST_CASE("A run that failed before its start leaves no files") {
  const TempFolder root;
  fs::create_directory(root / "mine");
  WriteFileAtomically(root.path() / "mine" / "notes.txt", "mine");
  for (const char* name : {"mine", "new"}) {
    RunFolder run = RunFolder::CreateAt(root / name);
    WriteFileAtomically(run.paths().config(), "agent: td3\n");
    fs::create_directory(run.paths().checkpoint());
    CHECK(IsLineWith(MessageOf<InputError>([&] { FindRun(root / name); }), "meta.json"));
    run.Discard();
  }
  CHECK(ListFolder(root.path()) == std::vector<std::string>{"mine"});
  CHECK(ListFolder(root / "mine") == std::vector<std::string>{"notes.txt"});
  // Leftovers of a kill before the start are not deleted: config.yaml may be the user's.
  WriteFileAtomically(root.path() / "mine" / "config.yaml", "agent: td3\n");
  CHECK(IsLineWith(MessageOf<InputError>([&] { RunFolder::CreateAt(root / "mine"); }),
                   "config.yaml", "but no run", "delete it"));
}

TEST_CASE("A folder that is not a run is rejected with the name of the missing file") {
  const TempFolder root;
  const auto error = [&](const std::string& name) {
    const std::string found = MessageOf<InputError>([&] { FindRun(root / name); });
    CHECK(found == MessageOf<InputError>([&] { RunFolder::Open(root / name); }));
    return found;
  };
  CHECK(IsLineWith(error("nowhere"), "no run folder", "nowhere"));
  fs::create_directory(root / "run");
  CHECK(IsLineWith(error("run"), "run", "config.yaml"));
  WriteFileAtomically(root.path() / "run" / "config.yaml", "");
  CHECK(IsLineWith(error("run"), "run", "meta.json"));
  WriteFileAtomically(root.path() / "run" / "meta.json", "{");
  CHECK(IsLineWith(MessageOf<InputError>([&] { RunFolder::Open(root / "run"); }), "meta.json",
                   "damaged"));
  CHECK(ListFolder(root.path()) == std::vector<std::string>{"run"});
}

TEST_CASE("Links to a run are followed") {
  const TempFolder root;
  {
    RunFolder run = RunFolder::Create(root.path(), "td3", "Pendulum-v1");
    Begin(run);
  }
  for (const char* name : {"latest", "latest/"}) {
    CHECK(FindRun(root / name).root == root.path() / "td3" / "Pendulum-v1_1");
    CHECK(RunFolder::Open(root / name).paths().root == root.path() / "td3" / "Pendulum-v1_1");
  }
}

TEST_CASE("meta.json records start, status, resumes and end") {
  const TempFolder root;
  const RunPaths paths{root / "run"};
  {
    RunFolder run = RunFolder::CreateAt(paths.root);
    Begin(run);
    const Json begun = ReadMeta(paths);
    CHECK(begun["version"] == "1");
    CHECK(begun["status"] == "running");
    CHECK(begun["end"].is_null());
    CHECK(begun["last_step"] == 0);
    CHECK(begun["start"].get<std::string>().size() == std::string("2024-01-01T00:00:00Z").size());
    run.Update(RunStatus::kInterrupted, 500, "SIGINT");
  }
  Json meta = ReadMeta(paths);
  CHECK(meta["status"] == "interrupted");
  CHECK(meta["reason"] == "SIGINT");
  CHECK(meta["last_step"] == 500);
  CHECK(meta["end"].is_string());
  meta["start"] = "earlier";
  WriteFileAtomically(paths.meta(), meta.dump());

  RunFolder run = RunFolder::Open(paths.root);
  run.Start({{"version", "2"}}, 500);
  run.Update(RunStatus::kFinished, 1000);
  meta = ReadMeta(paths);
  CHECK(meta["version"] == "2");
  CHECK(meta["start"] == "earlier");
  CHECK(meta["resumed"].size() == 1);
  CHECK(meta["resumed"][0]["step"] == 500);
  CHECK(meta["status"] == "finished");
  CHECK(meta["reason"] == "");
  CHECK(meta["last_step"] == 1000);
}

}  // namespace
}  // namespace nabla::agent
