#include "agent/td3.h"

namespace nabla::agent {

Td3::Td3(const Td3Config& config, Index observation_size, Index action_size, Rng& initialization,
         Workers& workers)
    : config_(config),
      actor_(NewNetwork(config.actor, observation_size, action_size, "tanh", initialization),
             config.optimizer, config.actor_learning_rate, config.batch_size),
      actor_target_(actor_.network, config.batch_size),
      critics_({.network = config.critic,
                .observation_size = observation_size,
                .action_size = action_size,
                .batch = config.batch_size,
                .optimizer = config.optimizer,
                .learning_rate = config.critic_learning_rate,
                .ensemble = config.ensemble},
               initialization, workers),
      y_(1, config.batch_size),
      action_gradient_(action_size, config.batch_size),
      scratch_(action_size, config.batch_size),
      metrics_(config.batch_size) {}

ActTape Td3::MakeActTape(Index n) const {
  return NewActTape(actor_.network, critics_.network(0), config_.refine, n);
}

void Td3::Act(const ConstMatrixRef& observation, Mode mode, Rng& /*rng*/, ActTape& tape,
              MatrixRef action) const {
  action = actor_.network.Evaluate(observation, tape.actor);
  Refine(config_.refine, critics_.network(0), observation, mode, tape, action);
}

void Td3::Update(Batch& batch, double progress, Rng& rng) {
  actor_.SetProgress(progress);
  critics_.SetProgress(progress);
  SmoothedTargetAction(actor_target_, config_.target_noise, config_.target_noise_clip, rng, batch);
  critics_.EvaluateTargets(batch, rng);
  critics_.ReduceTargets(y_);
  Bootstrap(batch, y_);
  const double loss = critics_.RegressTo(y_, 1, batch);
  metrics_.AddCritics(++updates_, loss, y_, batch);
  if (updates_ % config_.policy_delay == 0) LearnActor(batch);
}

void Td3::LearnActor(Batch& batch) {
  const double objective =
      ImproveActor(config_.actor_update, actor_, critics_, batch, action_gradient_, scratch_);
  metrics_.AddActor(updates_, objective, action_gradient_, batch.action());
  actor_target_.Follow(actor_.network, config_.polyak_rate);
  critics_.Follow(config_.polyak_rate);
}

std::vector<NamedNetwork> Td3::Inspect() const {
  std::vector<NamedNetwork> networks = {{"actor", actor_.network}};
  for (std::size_t i = 0; i < critics_.size(); ++i) {
    networks.push_back({"critics." + std::to_string(i), critics_.network(i)});
  }
  return networks;
}

void Td3::Networks(const StateArchive& archive) {
  NetworkState(archive, "actor", actor_.network);
  NetworkState(archive, "actor_target", actor_target_.network);
  critics_.AddNetworks(archive);
}

void Td3::State(const StateArchive& archive) {
  Networks(archive);
  archive("updates", updates_);
  actor_.State(archive.Group("actor.adam", TensorFile::kOptimizer));
  critics_.State(archive);
}

}  // namespace nabla::agent
