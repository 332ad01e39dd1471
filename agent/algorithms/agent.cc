#include "agent/algorithms/agent.h"

#include <utility>

#include "agent/learning/gaussian_actor.h"
#include "agent/policy/networks.h"

namespace nabla::agent {

Policy NewPolicy(Policy::Kind kind, const ActorCriticConfig& config, const AgentContext& context) {
  const Index o = context.observation_size, a = context.action_size();
  std::optional<ObservationNormalizer> normalizer;
  if (context.normalize_observations) normalizer.emplace(o);
  return Policy(kind,
                kind == Policy::Kind::kSquashedGaussian
                    ? NewGaussianHead(config.actor, o, a, context.initialization)
                    : NewNetwork(config.actor, o, a, "tanh", context.initialization),
                context.bounds, std::move(normalizer), config.refine);
}

std::vector<NamedNetwork> NetworksOf(const Agent& agent) {
  const Policy& policy = agent.policy();
  std::vector<NamedNetwork> networks = {{"actor", policy.AsNetwork()}};
  for (std::size_t i = 0; i < agent.critics().size(); ++i) {
    networks.push_back({"critics." + std::to_string(i),
                        policy.BehindNormalizer(MeanOutput(agent.critics().network(i)))});
  }
  return networks;
}

}  // namespace nabla::agent
