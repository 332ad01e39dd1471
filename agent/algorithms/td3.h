// TD3: Twin Delayed Deep Deterministic policy gradient (Fujimoto, van Hoof & Meger 2018,
// "Addressing Function Approximation Error in Actor-Critic Methods").
//
//   a' = clip(μ'(s') + clip(ε, ±c), ±1)                    target policy smoothing
//   y  = r + discount · min_i Q_i'(s', a')                 clipped double Q-learning
//   Q_i:  minimise 1/B Σ (Q_i(s, a) − y)²
//   every policy_delay updates:
//     μ:  ascend 1/B Σ Q1(s, μ(s)), and let the three targets follow
//
// Beyond the paper: any number of critics, of which a random few make the target (Chen et al.
// 2021); actor_update action_improvement (agent/learning/deterministic_actor.h).
//
// Metrics: those of agent/learning/update_metrics.h.
// Deviations from the authors' code: weights and biases start uniform in ±1/√fan_in (as there);
// nothing else.
//
// Results (final policy, 100 episodes, interquartile mean of seeds 0–9; more: docs/results.md):
//   Pendulum-v1 (pendulum_td3)        20,000 steps   −143, at least −160 in 10 of 10
//   MountainCarContinuous-v0          20,000          94.1, 93.7 at worst
//   CartPoleContinuous                20,000           500, 328 at worst
//   CartPoleSwingup                   50,000           854, 836 at worst
//   LinearQuadratic                   20,000         cost within 0.0015 % of the Riccati optimum
#pragma once

#include "agent/algorithms/agent.h"
#include "agent/learning/actor_update.h"

namespace nabla::agent {

class Td3;

struct Td3Config : ActorCriticConfig {
  using Algorithm = Td3;
  static constexpr const char* kName = "TD3";
  static constexpr const char* kSummary =
      "twin delayed deterministic policy gradient (Fujimoto et al. 2018)";

  NoiseConfig exploration;
  ActorUpdateConfig actor_update;
  int policy_delay = 2;
  double target_noise = 0.2;
  double target_noise_clip = 0.5;
  EnsembleConfig ensemble{.actor = ActorReduction::kFirst};

  template <class Archive>
  void Visit(Archive& ar) {
    VisitShared(ar, "Policy network mu(s), tanh output", "Each of the value networks Q(s, a)");
    ar("exploration", exploration, "Noise on the action while exploring");
    actor_update.Visit(ar);
    ar("policy_delay", policy_delay, "Critic updates per update of actor and targets").AtLeast(1);
    ar("target_noise", target_noise, "Standard deviation of the target action's noise").AtLeast(0);
    ar("target_noise_clip", target_noise_clip, "Bound of the target action's noise").AtLeast(0);
    ar("ensemble", ensemble, "How many critics, and how their values become one");
  }
};

class Td3 final : public Agent {
 public:
  Td3(const Td3Config& config, const AgentContext& context);

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
  const Td3Config config_;
  Policy policy_;        // μ
  Learner actor_;        // of its network
  Target actor_target_;  // μ'
  Critics critics_;      // Q_i and Q_i'
  std::int64_t updates_ = 0;
  UpdateMetrics metrics_;
  Matrix y_;                // [1, B]
  Matrix action_gradient_;  // −1/B ∇_a Q(s, μ(s))   [a, B]
  Matrix proposed_;         // scratch of the action improvement, [a, B] both
  Matrix cotangent_;
};

}  // namespace nabla::agent
