#include "apps/nabla/policy.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "agent/run/recorder.h"
#include "config/config.h"

namespace nabla::apps {

Policy::Policy(const std::string& path, const std::string& checkpoint) {
  const bool is_run = std::filesystem::is_directory(path);
  const std::string file = is_run ? agent::FindRun(path).config().string() : path;
  auto config = config::ReadFile<agent::TaskConfig>(file);
  config.trainer.buffer_size = 3 * config.trainer.envs;  // nothing is stored here
  trainer_ = std::make_unique<agent::Trainer>(config, workers_);
  if (is_run) {
    const std::int64_t step = agent::LoadPolicy(agent::FindRun(path), checkpoint, *trainer_);
    where_ = path + ", " + checkpoint + " (step " + std::to_string(step) + ")";
  } else {
    where_ = path + ", untrained";
  }
  networks_ = trainer_->agent().Inspect();
}

envs::Vector Policy::ActionScale() const {
  return (environment().spec().action_high - environment().spec().action_low) / 2;
}

envs::Vector Policy::Scaled(const envs::Vector& action) const {
  return environment().spec().action_low.array() + (action.array() + 1) * ActionScale().array();
}

PolicyDerivatives Differentiate(const Policy& policy, const agent::Vector& observation) {
  const nn::Network& actor = policy.actor();
  const nn::Network& critic = policy.critic();
  PolicyDerivatives result;
  nn::Tape actor_tape = actor.MakeTape(1, {.jacobian = true});
  result.action = actor.Forward(observation, actor_tape);
  agent::Matrix gain(result.action.size() * observation.size(), 1);
  actor.InputGradient(actor_tape, gain);
  result.da_do = gain.reshaped(result.action.size(), observation.size());

  nn::Tape critic_tape = critic.MakeTape(1);
  agent::Vector input(observation.size() + result.action.size());
  input << observation, result.action;
  result.q = static_cast<double>(critic.Forward(input, critic_tape)(0, 0));
  agent::Matrix gradient(result.action.size(), 1);
  critic.InputGradient(critic_tape, gradient, observation.size());
  result.dq_da = gradient;
  return result;
}

envs::Vector ParseNumbers(const std::string& text, Eigen::Index size, std::string_view what) {
  std::vector<double> values;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    while (at != end && *at == ' ') ++at;
    double value = 0;
    const auto [next, error] = std::from_chars(at, end, value);
    if (error != std::errc() || !std::isfinite(value)) {
      throw agent::InputError("'" + text + "' is no list of numbers; write them as 1,0.5,-2");
    }
    values.push_back(value);
    at = next;
    while (at != end && *at == ' ') ++at;
    if (at != end && *at++ != ',') {
      throw agent::InputError("'" + text + "' is no list of numbers; write them as 1,0.5,-2");
    }
  }
  if (static_cast<Eigen::Index>(values.size()) != size) {
    throw agent::InputError(std::string(what) + " has " + std::to_string(size) + " numbers, got " +
                            std::to_string(values.size()) + " in '" + text + "'");
  }
  return Eigen::Map<const envs::Vector>(values.data(), size);
}

}  // namespace nabla::apps
