// TQC: Truncated Quantile Critics (Kuznetsov, Shvechikov, Grishin & Vetrov 2020, "Controlling
// Overestimation Bias with Truncated Mixture of Continuous Distributional Quantile Critics").
//
// Each of N critics gives M quantiles θ_m of the distribution of the return, at the levels
// τ_m = (m − ½)/M. The policy and the temperature are those of SAC (agent/algorithms/sac.h). The
// differences are:
//
//   z'    = the N·M quantiles of all θ_i'(s', a'), pooled and sorted, the d·N largest dropped
//   y_j   = r + discount · (z'_(j) − α log π(a'|s'))           j = 1 … K = N·M − d·N
//   θ_i:    descend 1/(B M K) Σ_b,m,j ρ_m(y_j − θ_i,m),   ρ_m(δ) = |τ_m − 1(δ < 0)| H(δ)
//           H(δ) = ½ δ² for |δ| ≤ 1, else |δ| − ½              quantile Huber loss (eq. 5)
//   π:      descend 1/B Σ (α log π(a|s) − 1/(N M) Σ_i,m θ_i,m(s, a))
//
// Metrics: those of SAC. q_mean is the mean of all y_j. The temporal-difference error is that of
// the expectations, 1/M Σ θ_1,m − 1/K Σ y_j. Deviations: 2 critics and d = 2, as in common
// implementations (the paper has 5 critics and a d for each task); log σ and initial weights as in
// agent/algorithms/sac.h.
//
// Results: docs/results.md.
#pragma once

#include "agent/algorithms/agent.h"
#include "agent/learning/gaussian_actor.h"
#include "agent/learning/temperature.h"

namespace nabla::agent {

class Tqc;

struct TqcConfig : ActorCriticConfig {
  using Algorithm = Tqc;
  static constexpr const char* kName = "TQC";
  static constexpr const char* kSummary = "truncated quantile critics (Kuznetsov et al. 2020)";

  TemperatureConfig temperature;
  int critics = 2;
  int quantiles = 25;
  int dropped_quantiles = 2;

  template <class Archive>
  void Visit(Archive& ar) {
    VisitShared(ar, "Policy network: mean and log sigma of the Gaussian, before tanh",
                "Network of each critic, with the quantiles as outputs");
    ar("temperature", temperature, "Temperature alpha: the weight of the policy's entropy");
    ar("critics", critics, "Number N of critics").Between(1, 64);
    ar("quantiles", quantiles, "Number M of quantiles of each critic").Between(1, 1024);
    ar("dropped_quantiles", dropped_quantiles,
       "Number d of dropped quantiles per critic: the N d largest of the pooled target quantiles; "
       "must be below M")
        .Between(0, 1023);
  }
};

class Tqc final : public Agent {
 public:
  Tqc(const TqcConfig& config, const AgentContext& context);

  void Update(Batch& batch, double progress, Rng& rng) override;
  const Temperature* temperature() const override { return &temperature_; }
  double EntropyBonus() const override { return temperature_.alpha() * actor_.NextSurprise(); }
  void SerializeNetworks(const StateArchive& archive) override;
  void Serialize(const StateArchive& archive) override;

 private:
  void TruncatedTargets(Batch& batch, const SquashedGaussian& next);
  double RegressQuantiles(Batch& batch);
  void QuantileHuberCurvature(const Matrix& theta, Real share, Batch& batch,
                              Matrix& curvature) const;

  const TqcConfig config_;
  Policy policy_;        // π
  GaussianActor actor_;  // for the network of the policy
  Critics critics_;      // θ_i and θ_i'
  Temperature temperature_;
  std::int64_t updates_ = 0;
  UpdateMetrics metrics_;
  const Index kept_;  // K
  Vector levels_;     // τ_m [M]
  Matrix pool_;       // [N M, B]; the top K rows become y
  Matrix y_mean_;     // [1, B]
  Matrix huber_;      // [M, N], work memory of the losses, one column per critic
};

// For quantiles θ [M] at levels τ [M] and targets y [K] of one sample, returns
//   L = weight · Σ_m,j ρ_m(y_j − θ_m)     and assigns     cotangent [M] = ∂L/∂θ
// `losses` [M] is work memory.
double QuantileHuber(const Vector& levels, const Real* theta, const Real* y, Index k, Real weight,
                     Real* losses, Real* cotangent);

}  // namespace nabla::agent
