#include "apps/experiment/plan/comparability.h"

#include "config/scalar.h"

namespace nabla::experiment {

using agent::TaskConfig;

const std::vector<ComparabilityKey>& EqualWithinTask() {
  static const std::vector<ComparabilityKey> table = {
      {"environment.name", [](const TaskConfig& c) { return c.environment.name; }},
      {"environment.step_limit",
       [](const TaskConfig& c) { return config::ToYaml(c.environment.step_limit); }},
      {"environment.reward_scale",
       [](const TaskConfig& c) { return config::ToYaml(c.environment.reward_scale); }},
  };
  return table;
}

const std::vector<ComparabilityKey>& EqualWithinExperiment() {
  static const std::vector<ComparabilityKey> table = {
      {"evaluation.every", [](const TaskConfig& c) { return config::ToYaml(c.evaluation.every); }},
      {"evaluation.episodes",
       [](const TaskConfig& c) { return config::ToYaml(c.evaluation.episodes); }},
  };
  return table;
}

}  // namespace nabla::experiment
