// Agent: the interface of a learning algorithm to the trainer. Each algorithm is one class,
// composed of the parts in agent/policy and agent/learning.
//
// Actions are in [−1, 1]; agent/policy/action_bounds.h converts them.
#pragma once

#include <string>
#include <vector>

#include "agent/learning/actor_critic.h"
#include "agent/learning/critics.h"
#include "agent/learning/noise.h"
#include "agent/learning/temperature.h"
#include "agent/learning/update_metrics.h"
#include "agent/policy/policy.h"

namespace nabla::agent {

class Agent {
 public:
  Agent(const Agent&) = delete;  // its parts refer to each other
  Agent& operator=(const Agent&) = delete;
  virtual ~Agent() = default;

  const ActorCriticConfig& config() const { return parts_.config; }

  // The policy that learns. A copy of it does not change with later updates.
  Policy& policy() { return parts_.policy; }
  const Policy& policy() const { return parts_.policy; }
  const Critics& critics() const { return parts_.critics; }

  // The noise that the trainer adds to exploring actions. Null for a stochastic policy.
  virtual const NoiseConfig* exploration_noise() const { return nullptr; }

  UpdateMetrics& metrics() { return parts_.metrics; }
  const UpdateMetrics& metrics() const { return parts_.metrics; }

  // One gradient update. `progress` is the fraction of the training that is done. The batch has raw
  // observations on entry. Update normalises them, assigns td_error, and leaves the action rows
  // with unspecified values.
  virtual void Update(Batch& batch, double progress, Rng& rng) = 0;

  // Null without an entropy bonus.
  virtual const Temperature* temperature() const { return nullptr; }

  // The mean size of the terms α log π(a'|s') in the last targets. 0 without an entropy bonus.
  virtual double EntropyBonus() const { return 0; }

  // The largest possible |Q| if no |reward| exceeds `reward`. If the mean size of the targets,
  // metrics().target_size(), is far above it, the training has diverged.
  double ValueBound(double reward) const {
    return (reward + EntropyBonus()) / (1 - config().gamma);
  }

  // SerializeNetworks: the networks and the normaliser, as in a policy checkpoint. Serialize: all.
  virtual void SerializeNetworks(const StateArchive& archive) = 0;
  virtual void Serialize(const StateArchive& archive) = 0;

 protected:
  // Members of the algorithm, which this base class does not use before they are constructed.
  struct Parts {
    const ActorCriticConfig& config;
    Policy& policy;
    const Critics& critics;
    UpdateMetrics& metrics;
  };
  explicit Agent(const Parts& parts) : parts_(parts) {}

 private:
  const Parts parts_;
};

// The untrained policy. Throws std::invalid_argument for an output activation that its kind cannot
// have.
Policy NewPolicy(Policy::Kind kind, const ActorCriticConfig& config, const AgentContext& context);

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
