#include "apps/experiment/plan/comparability.h"

#include <algorithm>
#include <array>
#include <exception>
#include <string_view>

#include "envs/registry/registry.h"

namespace nabla::experiment {
namespace {

bool IsChoiceOfAgent(const std::string& path) {
  constexpr std::array<std::string_view, 5> kKeys = {
      "observation_mask", "observation_noise", "frame_history", "action_scaling", "action_repeat"};
  return std::any_of(kKeys.begin(), kKeys.end(),
                     [&](std::string_view key) { return path.starts_with(key); });
}

}  // namespace

agent::TaskConfig Resolved(agent::TaskConfig config) {
  envs::EnvironmentConfig& environment = config.environment;
  try {
    const auto bare = envs::Make(std::string_view(environment.name));
    bare->SetParameters(environment.parameters);
    for (const envs::Parameter& parameter : bare->Parameters()) {
      environment.parameters[parameter.name] = parameter.value;
    }
    if (environment.step_limit == 0) environment.step_limit = bare->spec().step_limit;
  } catch (const std::exception&) {
    // An environment that this program does not have: the file's values count.
  }
  return config;
}

std::vector<config::Difference> TaskDifferences(const agent::TaskConfig& left,
                                                const agent::TaskConfig& right) {
  std::vector<config::Difference> differences = config::Diff(left.environment, right.environment);
  std::erase_if(differences,
                [](const auto& difference) { return IsChoiceOfAgent(difference.path); });
  for (config::Difference& difference : differences) {
    difference.path.insert(0, "environment.");
  }
  return differences;
}

std::vector<config::Difference> OtherDifferences(const agent::TaskConfig& left,
                                                 const agent::TaskConfig& right) {
  agent::TaskConfig same = right;
  same.seed = left.seed;
  same.logging = left.logging;
  same.checkpoint = left.checkpoint;
  std::vector<config::Difference> differences = config::Diff(left, same);
  const std::vector<config::Difference> task = TaskDifferences(left, right);
  std::erase_if(differences, [&](const config::Difference& difference) {
    return std::any_of(task.begin(), task.end(),
                       [&](const auto& other) { return other.path == difference.path; });
  });
  return differences;
}

}  // namespace nabla::experiment
