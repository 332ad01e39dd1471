// Closed standard streams, and folders whose names are no text, no single line, or no folder.
#include "tests/apps/program.h"
#include "tests/support/catch.h"

namespace nabla::test {
namespace {

namespace fs = std::filesystem;

ProcessResult Shell(const Workplace& nabla, const std::string& command) {
  return test::Run("/bin/sh", {"sh", "-c", command}, {.folder = nabla.path()});
}

TEST_CASE("No file of a run takes the place of a closed standard stream") {
  const Workplace nabla;
  nabla.Succeed("train task.yaml --quiet --run-dir whole");
  for (const std::string options : {"", "--json"}) {
    INFO("options '" << options << "'");
    fs::remove_all(nabla / "run");
    const ProcessResult closed =
        Shell(nabla, NABLA_PROGRAM " train task.yaml --run-dir run " + options + " <&- >&- 2>&-");
    CHECK(closed.exit_code == 0);
    CHECK(Fingerprint(nabla / "run") == Fingerprint(nabla / "whole"));
    CHECK(Lines(Read(nabla / "run/run.log")).size() == Lines(Read(nabla / "whole/run.log")).size());
  }
}

TEST_CASE("A path that is not UTF-8 appears in JSON with replacement characters") {
  const Workplace nabla;
  const std::string name = "caf\xe9";
  const ProcessResult trained = nabla.Run({"train", "task.yaml", "--json", "--run-dir", name});
  INFO(trained.err);
  REQUIRE(trained.exit_code == 0);
  CHECK(nlohmann::json::parse(trained.out)["run"] == "caf\xef\xbf\xbd");
  CHECK(ReadJson(nabla.path() / name / "meta.json")["status"] == "finished");
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"evaluate", name, "--json", "--episodes", "1"}, {"compare", name, "--json"}}) {
    const ProcessResult result = nabla.Run(words);
    INFO(words[0] << ": " << result.err);
    CHECK(result.exit_code == 0);
    CHECK(nlohmann::json::accept(result.out));
  }
  // A reason that is no text: the limit stops the checkpoint in the folder.
  const std::string other = "\xff";
  CHECK(nabla.Run({"train", "task.yaml", "--quiet", "--run-dir", other}, {.file_size_limit = 9'000})
            .exit_code == 1);
  CHECK(ReadJson(nabla.path() / other / "meta.json")["status"] == "failed");
}

TEST_CASE("A name with control characters stays one line of text") {
  const Workplace nabla;
  const std::string name = "a\x1b[2J\nb|$(touch x)<&\"'";
  std::vector<ProcessResult> results;
  results.push_back(nabla.Run({"train", "task.yaml", "--run-dir", name}));
  CHECK(results.back().exit_code == 0);
  results.push_back(nabla.Run({"evaluate", name, "--episodes", "1"}));
  CHECK(results.back().exit_code == 0);
  results.push_back(nabla.Run({"inspect", name}));
  CHECK(results.back().exit_code == 0);
  results.push_back(nabla.Run({"resume", name}));
  CHECK(IsRefusal(results.back(), {"a\\x1b[2J\\nb|$(touch x)<&"}));
  results.push_back(nabla.Run({"train", name + "x"}));
  CHECK(IsRefusal(results.back(), {"a\\x1B[2J\\x0Ab|$(touch x)<&"}));
  results.push_back(nabla.Run({"evaluate", name, "--checkpoint", name}));
  CHECK(IsRefusal(results.back(), {"a\\x1b[2J\\nb"}));
  for (const ProcessResult& result : results) {
    INFO(result.out << result.err);
    CHECK((result.out + result.err).find('\x1b') == std::string::npos);
  }
  CHECK_THAT(results[0].out, ContainsText("run a\\x1b[2J\\nb|$(touch x)<&\"'\n"));
  CHECK(!fs::exists(nabla / "x"));
}

TEST_CASE("A run is found through links as the kernel finds it") {
  const Workplace nabla;
  // elsewhere/link -> target, so that link/.. is elsewhere and not the folder of the link.
  fs::create_directories(nabla / "elsewhere/target");
  fs::create_symlink("elsewhere/target", nabla / "link");
  nabla.Succeed("train task.yaml --quiet --run-dir elsewhere/run --steps 100");
  nabla.Succeed("train task.yaml --quiet --run-dir run --steps 200");
  fs::create_symlink("link/../run", nabla / "chosen");
  const ProcessResult evaluated = nabla("evaluate chosen --episodes 1 --json");
  REQUIRE(evaluated.exit_code == 0);
  CHECK(nlohmann::json::parse(evaluated.out)["step"] == 100);
  nabla.Succeed("resume chosen --quiet --steps 300");
  CHECK(ReadJson(nabla / "elsewhere/run/checkpoint/latest/state.json")["step"] == 300);
  CHECK(ReadJson(nabla / "run/checkpoint/latest/state.json")["step"] == 200);
}

TEST_CASE("Folders that cannot be a run are refused") {
  const Workplace nabla;
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"train", "task.yaml", "--run-dir", "/"},
                                             {"train", "task.yaml", "--run-dir", "/../"},
                                             {"train", "task.yaml", "--run-dir", ""}}) {
    CHECK(IsRefusal(nabla.Run(words), {"cannot be a run folder"}));
  }
  CHECK(!fs::exists("/config.yaml"));
  CHECK(!fs::exists(nabla / "config.yaml"));
}

TEST_CASE("A run goes on where runs/latest cannot be made") {
  for (const bool is_folder : {true, false}) {
    const Workplace nabla;
    fs::create_directory(nabla / "runs");
    if (is_folder) {
      fs::create_directory(nabla / "runs/latest");
    } else {
      Write(nabla / "runs/latest", "mine");
    }
    const ProcessResult trained = nabla("train task.yaml --quiet");
    CHECK(trained.exit_code == 0);
    REQUIRE(Lines(trained.err).size() == 1);
    CHECK_THAT(trained.err, ContainsText("warning: cannot update runs/latest") &&
                                ContainsText("runs/td3/Pendulum-v1_1"));
    CHECK(ReadJson(nabla / "runs/td3/Pendulum-v1_1/meta.json")["status"] == "finished");
    CHECK(fs::is_directory(nabla / "runs/latest") == is_folder);
    CHECK((is_folder || Read(nabla / "runs/latest") == "mine"));
  }
}

TEST_CASE("A folder of the user outlives a run that cannot start in it") {
  const Workplace nabla;
  fs::create_directory(nabla / "mine");
  CHECK(nabla("train task.yaml --run-dir mine", {.file_size_limit = 100}).exit_code == 1);
  CHECK(fs::is_empty(nabla / "mine"));
}

TEST_CASE("Threads that cannot start are one line") {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  const Workplace nabla;
  const ProcessResult failed =
      nabla("train task.yaml --threads 256", {.address_space_limit = rlim_t{1} << 30});
  CHECK(IsFailure(failed, 1, {"cannot start 256 threads", "--threads"}));
#endif
}

}  // namespace
}  // namespace nabla::test
