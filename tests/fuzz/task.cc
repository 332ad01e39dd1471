// Task files, the assignments of --set, and the numbers of --state.
#include "agent/training/task.h"

#include "apps/nabla/policy_source.h"
#include "config/config.h"
#include "envs/registry/registry.h"
#include "tests/fuzz/driver.h"
#include "tests/fuzz/json_edits.h"

namespace nabla::fuzz {
namespace {

using agent::TaskConfig;

bool CheckTask(const std::string& text, const std::vector<std::string>& overrides) {
  const auto read = [&] {
    const auto config = config::ReadText<TaskConfig>(text, "task.yaml", overrides);
    const std::string written = config::Write(config);
    TaskConfig again;
    Require(Accepts([&] { again = config::ReadText<TaskConfig>(written, "written.yaml"); }),
            "a task that cannot be read back");
    Require(config::Write(again) == written, "a task that changes when it is read back");
    envs::Make(config.environment);
  };
  return Accepts(read);
}

}  // namespace

bool RunTask(std::string_view input) { return CheckTask(std::string(input), {}); }

bool RunOverrides(std::string_view input) {
  const std::vector<std::string_view> lines = Lines(input);
  return CheckTask("environment: {name: Pendulum-v1}\nagent: {algorithm: TD3, gamma: 0.98}\n",
                   {lines.begin(), lines.end()});
}

// The first character says how many numbers are expected.
bool RunNumbers(std::string_view input) {
  if (input.empty()) return false;
  const Eigen::Index size = static_cast<unsigned char>(input[0]) % 8;
  return Accepts([&] {
    const envs::Vector state =
        apps::ParseNumbers(std::string(input.substr(1)), size, "the state of an environment");
    Require(state.size() == size && state.allFinite(), "a state that is not what was asked for");
  });
}

}  // namespace nabla::fuzz
