// list, config and --help. Every example of the program and of docs/cli.md must work.
#include <cmath>
#include <cstdlib>

#include "tests/apps/program.h"
#include "tests/support/catch.h"

namespace nabla::test {
namespace {

namespace fs = std::filesystem;

// All commands, found in the help texts: "", "train", "list envs", ...
void CollectCommands(const Workplace& nabla, const std::string& command,
                     std::vector<std::string>& commands) {
  commands.push_back(command);
  bool listed = false;
  for (const std::string& line : Lines(nabla.Succeed(command + " --help").out)) {
    if (line.empty()) listed = false;
    if (listed) {
      CollectCommands(nabla, command + (command.empty() ? "" : " ") + Words(line).at(0), commands);
    }
    if (line == "Subcommands:" || line == "SUBCOMMANDS:") listed = true;
  }
}

// The lines of `text` that call nabla, without its name and without comments.
std::vector<std::string> CallsIn(const std::string& text) {
  std::vector<std::string> calls;
  for (const std::string& line : Lines(text)) {
    const std::vector<std::string> words = Words(line.substr(0, line.find(" #")));
    if (words.size() < 2 || (words[0] != "nabla" && words[0] != "./nabla")) continue;
    if (line.find(" [OPTIONS]") != std::string::npos) continue;  // the usage line
    std::string call;
    for (std::size_t i = 1; i < words.size() && words[i] != "|"; ++i) call += words[i] + " ";
    calls.push_back(call);
  }
  return calls;
}

// Makes a folder with a small task in config/tasks/pendulum_td3.yaml.
void MakeSourceTree(const Workplace& nabla) {
  fs::create_directories(nabla / "config/tasks");
  fs::rename(nabla / "task.yaml", nabla / "config/tasks/pendulum_td3.yaml");
  fs::copy(NABLA_SOURCE_DIR "/config/experiments", nabla / "config/experiments");
}

TEST_CASE("Every --help has an example, and every example works") {
  ::unsetenv("DISPLAY");
  const Workplace nabla;
  MakeSourceTree(nabla);
  std::vector<std::string> commands;
  CollectCommands(nabla, "", commands);
  CHECK(commands.size() >= 12);
  for (const std::string& command : commands) {
    INFO("nabla " << command << " --help");
    const ProcessResult help = nabla.Succeed(command + " --help");
    CHECK(help.err == "");
    const std::vector<std::string> calls = CallsIn(help.out);
    REQUIRE(!calls.empty());
    CHECK(calls[0].starts_with(command));
    for (const std::string& call : calls) {
      INFO("nabla " << call);
      const ProcessResult result = nabla(call);
      if (call.starts_with("watch")) {  // with a display: tests/apps/viewer/window
        CHECK(IsRefusal(result, {"no display", "record"}));
        continue;
      }
      // The exit code of config diff is that of diff(1).
      CHECK(result.exit_code == (call.starts_with("config diff") && !result.out.empty() ? 1 : 0));
      CHECK(result.err.empty());
    }
  }
}

TEST_CASE("Every command of docs/cli.md works, in this order") {
  const Workplace nabla;
  MakeSourceTree(nabla);
  const std::vector<std::string> calls = CallsIn(Read(NABLA_SOURCE_DIR "/docs/cli.md"));
  CHECK(calls.size() >= 10);
  for (const std::string& call : calls) {
    INFO("nabla " << call);
    const ProcessResult result = nabla(call);
    INFO(result.err);
    CHECK(result.exit_code == (call.starts_with("config diff") && !result.out.empty() ? 1 : 0));
  }
}

TEST_CASE("list prints the names that a task file may contain") {
  const Workplace nabla;
  CHECK_THAT(nabla.Succeed("list envs").out, ContainsText("Pendulum-v1"));
  CHECK_THAT(nabla.Succeed("list envs Pendulum-v1").out, ContainsText("max_torque"));
  CHECK_THAT(nabla.Succeed("list algorithms").out, ContainsText("TD3"));
  CHECK_THAT(nabla.Succeed("list activations").out, ContainsText("silu"));
  CHECK(IsRefusal(nabla("list envs Pendulm-v1"),
                  {"unknown environment 'Pendulm-v1'", "did you mean 'Pendulum-v1'?"}));
}

TEST_CASE("The effective configuration repeats the run bit for bit") {
  const Workplace nabla;
  const std::string changes = " --set agent.gamma=0.97 --set environment.parameters.mass=1.1";
  Write(nabla / "shown.yaml", nabla.Succeed("config show task.yaml" + changes).out);
  nabla.Succeed("train task.yaml --run-dir a" + changes);
  nabla.Succeed("train shown.yaml --run-dir b");
  nabla.Succeed("train a/config.yaml --run-dir c");
  CHECK(Fingerprint(nabla / "a") == Fingerprint(nabla / "b"));
  CHECK(Fingerprint(nabla / "a") == Fingerprint(nabla / "c"));
  CHECK(Read(nabla / "a/config.yaml") == Read(nabla / "c/config.yaml"));
  CHECK(nabla("config diff shown.yaml a/config.yaml").exit_code == 0);
  const ProcessResult diff = nabla("config diff task.yaml a/config.yaml");
  CHECK(diff.exit_code == 1);
  CHECK_THAT(diff.out, ContainsText("agent.gamma: 0.99 -> 0.97"));
}

TEST_CASE("config validate finds keys that contradict each other") {
  const Workplace nabla;
  CHECK(nabla("config validate task.yaml").exit_code == 0);
  CHECK(IsRefusal(nabla("config validate task.yaml --set environment.observation_mask=[1]"),
                  {"Pendulum-v1", "observation_mask"}));
  CHECK(IsRefusal(nabla("config validate task.yaml --set trainer.envs=400"), {"capacity"}));
  CHECK_THAT(nabla.Succeed("config show --keys").out, ContainsText("agent.gamma"));
  CHECK_THAT(nabla.Succeed("config show").out, ContainsText("gamma: 0.99"));
  CHECK_THAT(nabla.Succeed("config show --set agent.gamma=0.5").out, ContainsText("gamma: 0.5"));
}

}  // namespace
}  // namespace nabla::test
