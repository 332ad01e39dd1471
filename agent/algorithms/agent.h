// Agent: what a learning algorithm shows to the trainer. Each algorithm is one class, on one page,
// composed of the parts in agent/policy and agent/learning.
//
// Actions are in [−1, 1] here; agent/policy/action_bounds.h converts them.
#pragma once

#include <string>
#include <vector>

#include "agent/algorithms/actor_critic_config.h"
#include "agent/learning/critics.h"
#include "agent/learning/noise.h"
#include "agent/learning/update_metrics.h"
#include "agent/learning/workers.h"
#include "agent/policy/policy.h"

namespace nabla::agent {

// What an algorithm is made for and made with. The references must outlive the agent.
struct AgentContext {
  Index observation_size;
  ActionBounds bounds;
  bool normalize_observations;
  Rng& initialization;
  Workers& workers;
  OptimizerFactory make_optimizer = MakeAdam;

  Index action_size() const { return bounds.size(); }
  std::optional<ObservationNormalizer> NewNormalizer() const;
  std::unique_ptr<Optimizer> NewOptimizer(const OptimizerConfig& config, double learning_rate,
                                          const nn::Network& network) const;
  // Critics with `outputs` outputs each.
  Critics NewCritics(const ActorCriticConfig& config, const EnsembleConfig& ensemble,
                     Index outputs = 1) const;
};

class Agent {
 public:
  virtual ~Agent() = default;

  virtual const ActorCriticConfig& config() const = 0;

  // What acts, as it learns; a copy stays as it is.
  virtual Policy& policy() = 0;
  virtual const Policy& policy() const = 0;
  virtual const Critics& critics() const = 0;

  // The noise that the trainer adds to exploring actions; null for a policy that draws them itself.
  virtual const NoiseConfig* exploration_noise() const = 0;

  // One gradient update; `progress` is the fraction of training done. The batch holds raw
  // observations and is changed: observations are normalised, its action rows are scratch
  // afterwards, td_error is written.
  virtual void Update(Batch& batch, double progress, Rng& rng) = 0;

  // The largest |Q| that rewards of at most `reward` in size allow. A mean target well beyond it
  // (metrics().target_size()) has diverged.
  virtual double ValueBound(double reward) const = 0;

  virtual UpdateMetrics& metrics() = 0;
  virtual const UpdateMetrics& metrics() const = 0;

  // The networks with their normaliser: what a policy checkpoint keeps; and everything.
  virtual void SerializeNetworks(const StateArchive& archive) = 0;
  virtual void Serialize(const StateArchive& archive) = 0;
};

// s and s' of the batch, which are raw, become what the networks see.
inline void NormalizeObservations(const Policy& policy, Batch& batch) {
  policy.Normalize(batch.observation());
  policy.Normalize(batch.next_observation());
}

struct NamedNetwork {
  std::string name;
  nn::Network network;
};

// To look at, as they are now: the policy o → u, deterministic and with its squashing, then the
// critics [o; u] → Q, expected values, the one that refinement climbs first. All take raw
// observations.
std::vector<NamedNetwork> NetworksOf(const Agent& agent);

}  // namespace nabla::agent
