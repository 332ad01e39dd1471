#include "tests/apps/viewer/playback/runs.h"

namespace nabla::test {

agent::TaskConfig SmallTask(const std::string& environment) {
  agent::TaskConfig config;
  config.environment.name = environment;
  agent::Td3Config td3;
  td3.actor.hidden = td3.critic.hidden = {16, 16};
  td3.batch_size = 16;
  config.agent.algorithm = td3;
  config.trainer = {.steps = 600, .warmup_steps = 50, .buffer_size = 600};
  config.evaluation = {.every = 200, .episodes = 2};
  return config;
}

std::shared_ptr<const agent::SavedPolicy> UntrainedPolicy(const agent::TaskConfig& config) {
  auto policy = agent::InitialPolicy(config);
  policy.step = 0;
  return std::make_shared<const agent::SavedPolicy>(std::move(policy));
}

StillSource::StillSource(const agent::TaskConfig& config, const std::filesystem::path& run)
    : TrainingSource(config, {run}) {
  training_.state = "finished";
  training_.steps = training_.step = config.trainer.steps;
  training_.policy = UntrainedPolicy(config);
}

}  // namespace nabla::test
