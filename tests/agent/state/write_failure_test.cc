// Full disks, folders without permission and kill -9 leave existing files intact.
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "agent/run/checkpoint.h"
#include "agent/run/run_folder.h"
#include "agent/state/csv.h"
#include "tests/support/catch.h"
#include "tests/support/skip.h"
#include "tests/support/temp_folder.h"

namespace nabla::agent {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using test::IsLineWith;
using test::MessageOf;
using test::TempFolder;

constexpr Eigen::Index kBytes = 64 << 10;  // of one tensor

// Every number is the step, so that a mixture of two checkpoints is detected.
struct StepSample {
  explicit StepSample(std::int64_t at) : step(at) {
    for (Eigen::VectorXf* vector : {&network, &moment, &replay}) {
      vector->setConstant(kBytes / 4, static_cast<float>(at));
    }
  }
  void State(const StateArchive& archive) {
    archive("step", step);
    archive.Group("net", TensorFile::kNetworks)("w", network);
    archive.Group("adam", TensorFile::kOptimizer)("m", moment);
    archive.Group("replay", TensorFile::kReplay)("data", replay);
  }
  bool IsOf(std::int64_t at) const {
    const auto all = [at](const Eigen::VectorXf& v) {
      return (v.array() == static_cast<float>(at)).all();
    };
    return step == at && all(network) && all(moment) && all(replay);
  }
  std::int64_t step;
  Eigen::VectorXf network, moment, replay;
};

void WriteStep(CheckpointStore& store, CheckpointKind kind, std::int64_t step) {
  StepSample sample(step);
  store.Write(
      kind, step, [&](StateArchive& archive) { sample.State(archive); }, Json::object());
}

// Restores `latest`, checks that it is consistent, and returns its step.
std::int64_t StepIn(const CheckpointStore& store) {
  StateLoader loader = store.Open("latest");
  StepSample sample(-1);
  loader.Restore([&](StateArchive& archive) { sample.State(archive); });
  CHECK(sample.IsOf(loader.step()));
  return loader.step();
}

// Writes every kind of file under the conditions of `fail`, which calls its argument. Checks that
// each write reports the reason and leaves the old content.
void CheckThatFailuresLeaveFilesWhole(
    const fs::path& folder, const std::string& reason,
    const std::function<void(const std::function<void()>&)>& fail) {
  CheckpointStore store(folder / "checkpoint", CheckpointStore::Access::kWrite);
  WriteStep(store, CheckpointKind::kLatest, 1);
  CsvWriter progress = CsvWriter::Create(folder / "progress.csv", {"x"});
  progress.Row(std::vector<double>{1});
  WriteFileAtomically(folder / "config.yaml", "old");
  const auto names_before = ListFolder(folder);
  const auto checkpoints_before = ListFolder(folder / "checkpoint");

  std::vector<std::string> errors;
  fail([&] {
    const std::string large(1 << 20, 'x');
    errors = {
        MessageOf<IoError>([&] { WriteStep(store, CheckpointKind::kLatest, 2); }),
        MessageOf<IoError>([&] { WriteStep(store, CheckpointKind::kBest, 2); }),
        MessageOf<IoError>([&] { WriteFileAtomically(folder / "config.yaml", large); }),
        MessageOf<IoError>([&] {
          for (int i = 0; i < 100000; ++i) progress.Row(std::vector<double>{0.123456789});
        }),
    };
  });
  CHECK(IsLineWith(errors[0], "cannot ", "step_2", reason));
  CHECK(IsLineWith(errors[1], "cannot ", "best_2", reason));
  CHECK(IsLineWith(errors[2], "cannot ", "config.yaml", reason));
  CHECK(IsLineWith(errors[3], "cannot ", "progress.csv", reason));
  CHECK(StepIn(store) == 1);
  CHECK(ReadFile(folder / "config.yaml") == "old");
  CHECK(ReadFile(folder / "progress.csv").starts_with("x\n1\n"));
  CHECK(ReadFile(folder / "progress.csv").back() == '\n');
  CHECK(ListFolder(folder) == names_before);
  CHECK(ListFolder(folder / "checkpoint") == checkpoints_before);

  WriteStep(store, CheckpointKind::kLatest, 2);  // works again when there is space
  CHECK(StepIn(store) == 2);
  const std::uint64_t offset = progress.Flush();
  progress.Row(std::vector<double>{2});
  CHECK(ReadFile(folder / "progress.csv").substr(offset) == "2\n");
}

TEST_CASE("A file at its size limit keeps the old content") {
  const TempFolder folder;
  CheckThatFailuresLeaveFilesWhole(folder.path(), "File too large",
                                   [](const std::function<void()>& action) {
                                     const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
                                     rlimit old_limit{};
                                     REQUIRE(::getrlimit(RLIMIT_FSIZE, &old_limit) == 0);
                                     rlimit limit = old_limit;
                                     limit.rlim_cur = kBytes / 2;
                                     REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
                                     action();
                                     ::setrlimit(RLIMIT_FSIZE, &old_limit);
                                     std::signal(SIGXFSZ, old_handler);
                                   });
}

TEST_CASE("A file on a full disk keeps the old content") {
  const TempFolder folder;
  if (::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=1m") != 0) {
    return test::Skip("this test needs the right to mount a small tmpfs");
  }
  struct Unmount {
    fs::path path;
    ~Unmount() { ::umount2(path.c_str(), MNT_DETACH); }
  } const unmount{folder.path()};
  CheckThatFailuresLeaveFilesWhole(folder.path(), "No space left on device",
                                   [&](const std::function<void()>& action) {
                                     const fs::path filler = folder / "checkpoint/filler";
                                     {
                                       FileDescriptor file(filler, O_WRONLY | O_CREAT, "create");
                                       const std::string page(4096, 'x');
                                       while (::write(file.get(), page.data(), page.size()) > 0) {
                                       }
                                     }
                                     action();
                                     fs::remove(filler);
                                   });
}

TEST_CASE("Folders that cannot be written are named") {
  const TempFolder folder;
  WriteFileAtomically(folder / "file", "");
  const fs::path inside = folder / "file/runs";
  for (const std::string& error : {
           MessageOf<IoError>([&] { RunFolder::Create(inside, "td3", "Pendulum-v1"); }),
           MessageOf<IoError>([&] { RunFolder::CreateAt(inside); }),
           MessageOf<IoError>([&] { CheckpointStore(inside, CheckpointStore::Access::kWrite); }),
           MessageOf<IoError>([&] { WriteFileAtomically(inside, "x"); }),
       }) {
    CHECK(IsLineWith(error, "cannot ", inside.filename().string(), "Not a directory"));
  }
}

TEST_CASE("A folder without permission is named") {
  const TempFolder folder;
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
  int status = -1;
  if (const pid_t child = ::fork(); child == 0) {
    // Permissions do not apply to root.
    if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(2);
    const std::string error = MessageOf<IoError>([&] { RunFolder::CreateAt(folder / "run"); });
    ::_exit(IsLineWith(error, "cannot create", "run", "Permission denied") ? 0 : 1);
  } else {
    ::waitpid(child, &status, 0);
  }
  CHECK(status == 0);
  fs::permissions(folder.path(), fs::perms::owner_all);
}

// Writes checkpoints, sometimes twice for a step, until it is killed.
[[noreturn]] void WriteForever(const RunPaths& paths) {
  try {
    const RunFolder run = RunFolder::Open(paths.root);
    CheckpointStore store(paths.checkpoint(), CheckpointStore::Access::kWrite);
    for (std::int64_t step = store.Open("latest").step() + 1;; ++step) {
      WriteStep(store, CheckpointKind::kLatest, step);
      WriteStep(store, CheckpointKind::kBest, step);
      if (step % 2 == 0) WriteStep(store, CheckpointKind::kLatest, step);
    }
  } catch (const std::exception&) {
    ::_exit(1);
  }
}

TEST_CASE("kill -9 at any time leaves the previous checkpoint intact") {
  using Clock = std::chrono::steady_clock;
  const TempFolder folder;
  const RunPaths paths{folder / "run"};
  Clock::duration one_write{};
  {
    RunFolder run = RunFolder::CreateAt(paths.root);
    WriteFileAtomically(paths.config(), "");
    run.Start(Json::object(), 0);
    CheckpointStore store(paths.checkpoint(), CheckpointStore::Access::kWrite);
    const auto start = Clock::now();
    WriteStep(store, CheckpointKind::kLatest, 1);
    one_write = Clock::now() - start;
  }
  Rng random(7);
  std::int64_t reached = 1;
  int leftovers = 0;
  int kills = 0;
  // 50 kills, or fewer if the disk is slow.
  for (const auto start = Clock::now(); kills < 50; ++kills) {
    if (kills >= 10 && Clock::now() - start > std::chrono::seconds(4)) break;
    const pid_t child = ::fork();
    if (child == 0) WriteForever(paths);
    std::this_thread::sleep_for(random.Uniform(0, 4) * one_write);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));

    const CheckpointStore reader(paths.checkpoint(), CheckpointStore::Access::kRead);
    const std::int64_t step = StepIn(reader);
    CHECK(step >= reached);
    reached = step;
    for (const std::string& name : ListFolder(paths.checkpoint())) {
      leftovers += name.starts_with(kTemporaryPrefix) ? 1 : 0;
    }
  }
  INFO(kills << " kills, step " << reached << ", " << leftovers << " temporaries left");
  CHECK(reached > 2);    // the writer wrote checkpoints
  CHECK(leftovers > 2);  // and was killed while writing
  const RunFolder owner = RunFolder::Open(paths.root);
  const CheckpointStore store(paths.checkpoint(), CheckpointStore::Access::kWrite);
  const auto names = ListFolder(paths.checkpoint());
  CHECK(std::none_of(names.begin(), names.end(),
                     [](const std::string& name) { return name.starts_with(kTemporaryPrefix); }));
  CHECK(names.size() <= 4);  // two links and their folders
}

}  // namespace
}  // namespace nabla::agent
