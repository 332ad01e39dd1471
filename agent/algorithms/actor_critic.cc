#include "agent/algorithms/actor_critic.h"

namespace nabla::agent {

Critics::Options ActorCriticConfig::CriticOptions(Index observation_size, Index action_size,
                                                  const EnsembleConfig& ensemble) const {
  return {.network = critic,
          .observation_size = observation_size,
          .action_size = action_size,
          .batch = batch_size,
          .optimizer = optimizer,
          .learning_rate = critic_learning_rate,
          .ensemble = ensemble};
}

std::vector<NamedNetwork> PolicyAndCritics(const nn::Network& policy, const Critics& critics) {
  std::vector<NamedNetwork> networks = {{"actor", policy}};
  for (std::size_t i = 0; i < critics.size(); ++i) {
    networks.push_back({"critics." + std::to_string(i), critics.Expectation(i)});
  }
  return networks;
}

ActorCritic::ActorCritic(const ActorCriticConfig& config, Index action_size,
                         const std::vector<std::string>& own)
    : refine_(config.refine),
      polyak_rate_(config.polyak_rate),
      action_gradient_(action_size, config.batch_size),
      metrics_(config.batch_size, own),
      batch_size_(config.batch_size),
      gamma_(config.gamma) {}

}  // namespace nabla::agent
