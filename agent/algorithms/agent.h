// Agent: the interface of a learning algorithm to the trainer. Each algorithm is one class,
// composed of the parts in agent/policy and agent/learning.
//
// Actions are in [−1, 1]; agent/policy/action_bounds.h converts them.
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

// The arguments for the construction of an agent. The workers must outlive the agent.
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
  Agent() = default;
  Agent(const Agent&) = delete;  // its parts refer to each other
  Agent& operator=(const Agent&) = delete;
  virtual ~Agent() = default;

  virtual const ActorCriticConfig& config() const = 0;

  // The policy that learns. A copy of it does not change with later updates.
  virtual Policy& policy() = 0;
  virtual const Policy& policy() const = 0;
  virtual const Critics& critics() const = 0;

  // The noise that the trainer adds to exploring actions. Null for a stochastic policy.
  virtual const NoiseConfig* exploration_noise() const = 0;

  // One gradient update. `progress` is the fraction of the training that is done. The batch has raw
  // observations on entry. Update normalises them, assigns td_error, and leaves the action rows
  // with unspecified values.
  virtual void Update(Batch& batch, double progress, Rng& rng) = 0;

  // The largest possible |Q| if no |reward| exceeds `reward`. If the mean size of the targets,
  // metrics().target_size(), is far above it, the training has diverged.
  virtual double ValueBound(double reward) const = 0;

  virtual UpdateMetrics& metrics() = 0;
  virtual const UpdateMetrics& metrics() const = 0;

  // SerializeNetworks: the networks and the normaliser, as in a policy checkpoint. Serialize: all.
  virtual void SerializeNetworks(const StateArchive& archive) = 0;
  virtual void Serialize(const StateArchive& archive) = 0;
};

// Normalises the raw observations s and s' of the batch in place.
inline void NormalizeObservations(const Policy& policy, Batch& batch) {
  policy.Normalize(batch.observation());
  policy.Normalize(batch.next_observation());
}

struct NamedNetwork {
  std::string name;
  nn::Network network;
};

// Copies of the networks for inspection, as functions of raw observations: the deterministic policy
// o → u with its squashing, then the critics [o; u] → Q (expected values). The critic that refines
// actions comes first.
std::vector<NamedNetwork> NetworksOf(const Agent& agent);

}  // namespace nabla::agent
