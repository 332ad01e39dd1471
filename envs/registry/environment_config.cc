#include "envs/registry/environment_config.h"

#include <stdexcept>

#include "envs/wrappers/wrappers.h"

namespace nabla::envs {
namespace {

void AddRanges(const std::string& environment, const ParameterValues& values,
               ParameterRange::Kind kind, std::vector<ParameterRange>& ranges) {
  for (const auto& [name, numbers] : values) {
    for (const ParameterRange& other : ranges) {
      if (other.name == name) {
        throw std::invalid_argument(environment + ": randomize lists " + name +
                                    " both as uniform and as normal");
      }
    }
    if (numbers.size() != 2) {
      throw std::invalid_argument(environment + ": randomize " + name + " needs two numbers, not " +
                                  std::to_string(numbers.size()));
    }
    ranges.push_back({name, kind, numbers[0], numbers[1]});
  }
}

// environment ← Outer(environment, arguments...)
template <class Outer, class... Arguments>
void Wrap(std::unique_ptr<Environment>& environment, const Arguments&... arguments) {
  environment = std::make_unique<Outer>(std::move(environment), arguments...);
}

}  // namespace

std::unique_ptr<Environment> Make(const EnvironmentConfig& config) {
  std::unique_ptr<Environment> environment = Make(config.name);
  environment->SetParameters(config.parameters);
  std::vector<ParameterRange> ranges;
  AddRanges(config.name, config.randomize.uniform, ParameterRange::Kind::kUniform, ranges);
  AddRanges(config.name, config.randomize.normal, ParameterRange::Kind::kNormal, ranges);

  if (!ranges.empty()) Wrap<ParameterRandomizer>(environment, ranges);
  const int limit = config.step_limit != 0 ? config.step_limit : environment->spec().step_limit;
  Wrap<TimeLimit>(environment, limit);
  if (config.action_repeat != 1) Wrap<ActionRepeat>(environment, config.action_repeat);
  if (config.action_scaling) Wrap<ActionScale>(environment);
  if (config.action_delay != 0) Wrap<ActionDelay>(environment, config.action_delay);
  if (config.reward_scale != 1) Wrap<RewardScale>(environment, config.reward_scale);
  if (!config.observation_mask.empty()) {
    Wrap<ObservationMask>(environment, config.observation_mask);
  }
  if (!config.observation_noise.empty()) {
    Wrap<ObservationNoise>(environment, config.observation_noise);
  }
  if (config.frame_history != 1) Wrap<FrameHistory>(environment, config.frame_history);
  return environment;
}

}  // namespace nabla::envs
