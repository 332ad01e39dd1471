// DDPG: Deep Deterministic Policy Gradient (Lillicrap, Hunt, Pritzel, Heess, Erez, Tassa, Silver &
// Wierstra 2016, "Continuous control with deep reinforcement learning").
//
//   y  = r + discount · Q'(s', μ'(s'))
//   Q:   descend 1/B Σ (Q(s, a) − y)²
//   μ:   ascend 1/B Σ Q(s, μ(s)), then update both targets
//
// Extension: actor_update action_improvement (agent/learning/actor_update.h).
//
// Metrics: see agent/learning/update_metrics.h.
// Deviations from the paper: the action is an input of the first layer of the critic, not of the
// second; no weight decay; no batch normalisation; the initial weights and biases of every layer
// are uniform in ±1/√fan_in.
//
// Results (final policy, 100 episodes, interquartile mean of seeds 0–9; more: docs/results.md):
//   Pendulum-v1 (pendulum_algorithms)  2,500 steps   −165, at least −160 in 5 of 10
#pragma once

#include "agent/algorithms/agent.h"
#include "agent/learning/actor_update.h"

namespace nabla::agent {

class Ddpg;

struct DdpgConfig : ActorCriticConfig {
  using Algorithm = Ddpg;
  static constexpr const char* kName = "DDPG";
  static constexpr const char* kSummary =
      "deep deterministic policy gradient (Lillicrap et al. 2016)";

  NoiseConfig exploration;
  ActorUpdateConfig actor_update;

  template <class Archive>
  void Visit(Archive& ar) {
    VisitShared(ar, "Policy network mu(s), tanh output", "Network of each critic Q(s, a)");
    ar("exploration", exploration, "Noise added to the actions during the training");
    actor_update.Visit(ar);
  }
};

class Ddpg final : public Agent {
 public:
  Ddpg(const DdpgConfig& config, const AgentContext& context);

  void Update(Batch& batch, double progress, Rng& rng) override;
  double ValueBound(double reward) const override;

  const ActorCriticConfig& config() const override { return config_; }
  Policy& policy() override { return policy_; }
  const Policy& policy() const override { return policy_; }
  const Critics& critics() const override { return critics_; }
  const NoiseConfig* exploration_noise() const override { return &config_.exploration; }
  UpdateMetrics& metrics() override { return metrics_; }
  const UpdateMetrics& metrics() const override { return metrics_; }
  void SerializeNetworks(const StateArchive& archive) override;
  void Serialize(const StateArchive& archive) override;

 private:
  const DdpgConfig config_;
  Policy policy_;        // μ
  Learner actor_;        // for the network of the policy
  Target actor_target_;  // μ'
  Critics critics_;      // Q and Q'
  std::int64_t updates_ = 0;
  UpdateMetrics metrics_;
  Matrix y_;                // [1, B]
  Matrix action_gradient_;  // −1/B ∇_a Q(s, μ(s))   [a, B]
  Matrix proposed_;         // [a, B], work memory of action_improvement
  Matrix cotangent_;        // [a, B], work memory of action_improvement
};

}  // namespace nabla::agent
