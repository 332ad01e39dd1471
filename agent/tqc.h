// TQC: Truncated Quantile Critics (Kuznetsov, Shvechikov, Grishin & Vetrov 2020, "Controlling
// Overestimation Bias with Truncated Mixture of Continuous Distributional Quantile Critics").
//
// Each of N critics gives M quantiles θ_m of the return's distribution, at τ_m = (m − ½)/M. The
// policy and its temperature are SAC's (agent/sac.h); what differs:
//
//   z'    = the N·M quantiles of all θ_i'(s', a'), pooled and sorted, the d·N largest dropped
//   y_j   = r + discount · (z'_(j) − α log π(a'|s'))           j = 1 … K = N·M − d·N
//   θ_i:    descend 1/(B M K) Σ_b,m,j ρ_m(y_j − θ_i,m),   ρ_m(δ) = |τ_m − 1(δ < 0)| H(δ)
//           H(δ) = ½ δ² for |δ| ≤ 1, else |δ| − ½              quantile Huber loss (eq. 5)
//   π:      descend 1/B Σ (α log π(a|s) − 1/(N M) Σ_i,m θ_i,m(s, a))
//
// Metrics: those of SAC; q_mean is the mean of all y_j; the temporal-difference residual is that of
// the expectations, 1/M Σ θ_1,m − 1/K Σ y_j.
// Deviations: 2 critics and d = 2 as in the common recipes (the paper: 5 critics, d by task); log σ
// and initial weights as in agent/sac.h.
//
// Results (mean return of the final policy over 100 episodes, interquartile mean over seeds):
//   config/tasks/pendulum_tqc.yaml, 2,500 steps, seeds 0–4: −161, one of the five at −659
#pragma once

#include "agent/agent.h"
#include "agent/critics.h"
#include "agent/gaussian_actor.h"
#include "agent/refine.h"
#include "agent/temperature.h"
#include "agent/update_metrics.h"
#include "agent/workers.h"

namespace nabla::agent {

class Tqc;

struct TqcConfig {
  using Algorithm = Tqc;
  static constexpr const char* kName = "TQC";

  nn::NetworkConfig actor{.hidden = {256, 256}, .activation = "relu"};
  nn::NetworkConfig critic{.hidden = {256, 256}, .activation = "relu"};
  double actor_learning_rate = 1e-3;
  double critic_learning_rate = 1e-3;
  OptimizerConfig optimizer;
  TemperatureConfig temperature;
  int batch_size = 256;
  double gamma = 0.99;
  double polyak_rate = 0.005;
  int critics = 2;
  int quantiles = 25;
  int dropped_quantiles = 2;
  RefineConfig refine;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("actor", actor, "Policy network: mean and log sigma before the squashing by tanh");
    ar("critic", critic, "Each of the quantile networks");
    ar("actor_learning_rate", actor_learning_rate, "Adam step size of the actor").Above(0);
    ar("critic_learning_rate", critic_learning_rate, "Adam step size of the critics").Above(0);
    ar("optimizer", optimizer, "What becomes of the gradients of all networks");
    ar("temperature", temperature, "Weight alpha of the policy's entropy");
    ar("batch_size", batch_size, "Transitions a gradient update").Between(1, 1 << 20);
    ar("gamma", gamma, "Discount factor a step").Between(0, 1);
    ar("polyak_rate", polyak_rate, "tau of the targets, theta' <- (1 - tau) theta' + tau theta")
        .Between(0, 1);
    ar("critics", critics, "Quantile networks N").Between(1, 64);
    ar("quantiles", quantiles, "Quantiles M of each").Between(1, 1024);
    ar("dropped_quantiles", dropped_quantiles,
       "d: of the pooled target quantiles the N d largest are dropped; below M")
        .Between(0, 1023);
    refine.Visit(ar);
  }
};

class Tqc : public Agent {
 public:
  Tqc(const TqcConfig& config, Index observation_size, Index action_size, Rng& initialization,
      Workers& workers);

  ActTape MakeActTape(Index n) const override;
  void Act(const ConstMatrixRef& observation, Mode mode, Rng& rng, ActTape& tape,
           MatrixRef action) const override;
  const NoiseConfig* exploration_noise() const override { return nullptr; }
  void Update(Batch& batch, double progress, Rng& rng) override;

  int batch_size() const override { return config_.batch_size; }
  double gamma() const override { return config_.gamma; }
  double ValueBound(double reward) const override;
  double TargetSize() const override { return metrics_.target_size(); }
  std::vector<Metric>& metrics() override { return metrics_.list(); }
  const std::vector<Metric>& metrics() const override { return metrics_.list(); }
  std::vector<NamedNetwork> Inspect() const override;
  void Networks(const StateArchive& archive) override;
  void State(const StateArchive& archive) override;

 private:
  enum { kTemperature, kEntropy };

  void TruncatedTargets(Batch& batch, Rng& rng);
  double RegressQuantiles(Batch& batch);
  void ImproveActor(Batch& batch);

  TqcConfig config_;
  GaussianActor actor_;
  Critics critics_;
  Temperature temperature_;
  Vector levels_;           // τ_m [M]
  Matrix pool_;             // [N M, B]: its top K rows become y
  Matrix y_mean_;           // [1, B]
  Matrix huber_;            // [2 M, N], scratch of the losses, a column a critic
  Matrix action_gradient_;  // [a, B]
  std::int64_t updates_ = 0;
  UpdateMetrics metrics_;
};

// Descends nothing by itself: for quantiles θ [M] at levels τ [M] and targets y [K] of one sample,
//   cotangent [M] = weight · ∂/∂θ Σ_m,j ρ_m(y_j − θ_m),   returns weight · Σ_m,j ρ_m(y_j − θ_m)
// `losses` [M] is scratch.
double QuantileHuber(const Vector& levels, const Real* theta, const Real* y, Index k, Real weight,
                     Real* losses, Real* cotangent);

}  // namespace nabla::agent
