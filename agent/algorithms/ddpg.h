// DDPG: Deep Deterministic Policy Gradient (Lillicrap, Hunt, Pritzel, Heess, Erez, Tassa, Silver &
// Wierstra 2016, "Continuous control with deep reinforcement learning").
//
//   y  = r + discount · Q'(s', μ'(s'))
//   Q:   descend 1/B Σ (Q(s, a) − y)²
//   μ:   ascend 1/B Σ Q(s, μ(s)), and let both targets follow
//
// Beyond the paper: actor_update action_improvement (agent/learning/deterministic_actor.h).
//
// Metrics: those of agent/learning/update_metrics.h.
// Deviations from the paper: the action enters the critic's first layer, not its second; no weight
// decay, no batch normalisation; weights and biases start uniform in ±1/√fan_in in every layer.
//
// Results (final policy, 100 episodes, interquartile mean of seeds 0–9; more: docs/results.md):
//   Pendulum-v1 (pendulum_algorithms)  2,500 steps   −165, at least −160 in 5 of 10
#pragma once

#include "agent/algorithms/deterministic_agent.h"

namespace nabla::agent {

class Ddpg;

struct DdpgConfig : DeterministicConfig {
  using Algorithm = Ddpg;
  static constexpr const char* kName = "DDPG";

  template <class Archive>
  void Visit(Archive& ar) {
    VisitDeterministic(ar);
  }
};

class Ddpg : public DeterministicAgent {
 public:
  Ddpg(const DdpgConfig& config, Index observation_size, Index action_size, Rng& initialization,
       Workers& workers);

  void Update(Batch& batch, double progress, Rng& rng) override;
};

}  // namespace nabla::agent
