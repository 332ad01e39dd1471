#include "agent/algorithms/agent.h"

namespace nabla::agent {

std::optional<ObservationNormalizer> AgentContext::NewNormalizer() const {
  if (!normalize_observations) return std::nullopt;
  return ObservationNormalizer(observation_size);
}

std::unique_ptr<Optimizer> AgentContext::NewOptimizer(const OptimizerConfig& config,
                                                      double learning_rate,
                                                      const nn::Network& network) const {
  return make_optimizer(config, learning_rate, network.parameter_count());
}

Critics AgentContext::NewCritics(const ActorCriticConfig& config, const EnsembleConfig& ensemble,
                                 Index outputs) const {
  return Critics({.network = config.critic,
                  .observation_size = observation_size,
                  .action_size = action_size(),
                  .outputs = outputs,
                  .batch = config.batch_size,
                  .make_optimizer = make_optimizer,
                  .optimizer = config.optimizer,
                  .learning_rate = config.critic_learning_rate,
                  .ensemble = ensemble},
                 initialization, workers);
}

std::vector<NamedNetwork> NetworksOf(const Agent& agent) {
  const Policy& policy = agent.policy();
  std::vector<NamedNetwork> networks = {{"actor", policy.AsNetwork()}};
  for (std::size_t i = 0; i < agent.critics().size(); ++i) {
    networks.push_back(
        {"critics." + std::to_string(i), policy.BehindNormalizer(agent.critics().Expectation(i))});
  }
  return networks;
}

}  // namespace nabla::agent
