// SAC: Soft Actor-Critic with a learned temperature (Haarnoja, Zhou, Hartikainen, Tucker, Ha, Tan,
// Kumar, Zhu, Gupta, Abbeel & Levine 2018b, "Soft Actor-Critic Algorithms and Applications").
//
//   a ~ π(·|s),  a' ~ π(·|s')             squashed Gaussians (agent/policy/squashed_gaussian.h)
//   log α:  descend −log α · 1/B Σ (log π(a|s) + H̄)                  target entropy H̄
//   y    =  r + discount · (min_i Q_i'(s', a') − α log π(a'|s'))
//   Q_i:    descend ½ · 1/B Σ (Q_i(s, a) − y)²
//   π:      descend 1/B Σ (α log π(a|s) − min_i Q_i(s, a))            through a = tanh(m + σ ξ)
//   Q_i' ←  (1 − τ) Q_i' + τ Q_i
//
// The order is that of the authors' code: temperature, critics, actor, targets. Extension:
// ensembles with random subsets and several updates per step give REDQ (Chen et al. 2021: ensemble
// {size: 10, target_subset: 2, actor: mean}, policy_delay 20, trainer.updates_per_step 20).
//
// Metrics: see agent/learning/update_metrics.h; also temperature (α) and entropy (−1/B Σ log
// π(a|s), in nats). Deviations: log σ is clamped to [−20, 2] and has gradient 0 outside (as in the
// authors' code; other implementations map it by tanh); the initial weights and biases are uniform
// in ±1/√fan_in.
//
// Results: docs/results.md.
#pragma once

#include "agent/algorithms/agent.h"
#include "agent/learning/gaussian_actor.h"
#include "agent/learning/temperature.h"

namespace nabla::agent {

class Sac;

struct SacConfig : ActorCriticConfig {
  using Algorithm = Sac;
  static constexpr const char* kName = "SAC";
  static constexpr const char* kSummary =
      "soft actor-critic, learned temperature (Haarnoja et al. 2018b)";

  TemperatureConfig temperature;
  int policy_delay = 1;
  EnsembleConfig ensemble;

  template <class Archive>
  void Visit(Archive& ar) {
    VisitShared(ar, "Policy network: mean and log sigma of the Gaussian, before tanh",
                "Network of each critic Q(s, a)");
    ar("temperature", temperature, "Temperature alpha: the weight of the policy's entropy");
    ar("policy_delay", policy_delay, "Critic updates per update of the actor and the temperature")
        .AtLeast(1);
    ar("ensemble", ensemble, "Number of critics and how their values are combined");
  }
};

class Sac final : public Agent {
 public:
  Sac(const SacConfig& config, const AgentContext& context);

  void Update(Batch& batch, double progress, Rng& rng) override;
  const Temperature* temperature() const override { return &temperature_; }
  double EntropyBonus() const override { return temperature_.alpha() * actor_.NextSurprise(); }
  void SerializeNetworks(const StateArchive& archive) override;
  void Serialize(const StateArchive& archive) override;

 private:
  const SacConfig config_;
  Policy policy_;        // π
  GaussianActor actor_;  // for the network of the policy
  Critics critics_;      // Q_i and Q_i'
  Temperature temperature_;
  std::int64_t updates_ = 0;
  UpdateMetrics metrics_;
  Matrix y_;  // [1, B]
};

}  // namespace nabla::agent
