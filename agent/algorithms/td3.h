// TD3: Twin Delayed Deep Deterministic policy gradient (Fujimoto, van Hoof & Meger 2018,
// "Addressing Function Approximation Error in Actor-Critic Methods").
//
//   a' = clip(μ'(s') + clip(ε, ±c), ±1)                    target policy smoothing
//   y  = r + discount · min_i Q_i'(s', a')                 clipped double Q-learning
//   Q_i:  minimise 1/B Σ (Q_i(s, a) − y)²
//   every policy_delay updates:
//     μ:  ascend 1/B Σ Q_1(s, μ(s)), then update the three targets
//
// Extensions: any number of critics, with a random subset for each target (Chen et al. 2021);
// actor_update action_improvement (agent/learning/deterministic_actor.h).
//
// Metrics: see agent/learning/update_metrics.h.
// Deviations from the authors' code: none. As there, the initial weights and biases are uniform in
// ±1/√fan_in.
//
// Results: docs/results.md.
#pragma once

#include "agent/algorithms/agent.h"
#include "agent/learning/deterministic_actor.h"

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
    VisitShared(ar, "Policy network mu(s), tanh output", "Network of each critic Q(s, a)");
    ar("exploration", exploration, "Noise added to the actions during the training");
    actor_update.Visit(ar);
    ar("policy_delay", policy_delay, "Critic updates per update of the actor and the targets")
        .AtLeast(1);
    ar("target_noise", target_noise, "Standard deviation of the noise on the target action")
        .AtLeast(0);
    ar("target_noise_clip", target_noise_clip, "Bound of the noise on the target action")
        .AtLeast(0);
    ar("ensemble", ensemble, "Number of critics and how their values are combined");
  }
};

class Td3 final : public Agent {
 public:
  Td3(const Td3Config& config, const AgentContext& context);

  void Update(Batch& batch, double progress, Rng& rng) override;
  void SerializeNetworks(const StateArchive& archive) override;
  void Serialize(const StateArchive& archive) override;
  const NoiseConfig* exploration_noise() const override { return &config_.exploration; }

 private:
  const Td3Config config_;
  Policy policy_;             // μ
  DeterministicActor actor_;  // for the network of the policy, with μ'
  Critics critics_;           // Q_i and Q_i'
  std::int64_t updates_ = 0;
  UpdateMetrics metrics_;
  Matrix y_;  // [1, B]
};

}  // namespace nabla::agent
