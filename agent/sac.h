// SAC: Soft Actor-Critic with a learned temperature (Haarnoja, Zhou, Hartikainen, Tucker, Ha, Tan,
// Kumar, Zhu, Gupta, Abbeel & Levine 2018b, "Soft Actor-Critic Algorithms and Applications").
//
//   a ~ π(·|s),  a' ~ π(·|s')             squashed Gaussians (agent/squashed_gaussian.h)
//   log α:  descend −log α · 1/B Σ (log π(a|s) + H̄)                  the policy keeps entropy H̄
//   y    =  r + discount · (min_i Q_i'(s', a') − α log π(a'|s'))
//   Q_i:    descend ½ · 1/B Σ (Q_i(s, a) − y)²
//   π:      descend 1/B Σ (α log π(a|s) − min_i Q_i(s, a))            through a = tanh(m + σ ξ)
//   Q_i' ←  (1 − τ) Q_i' + τ Q_i
//
// The order is that of the authors' code: temperature, critics, actor, targets. Beyond the paper:
// ensembles with random subsets and several updates a step are REDQ (Chen et al. 2021: ensemble
// {size: 10, target_subset: 2, actor: mean}, policy_delay 20, trainer.updates_per_step 20).
//
// Metrics: those of agent/update_metrics.h; temperature (α), entropy (−1/B Σ log π(a|s), nats).
// Deviations: log σ is clamped to [−20, 2] and has no gradient beyond (as in the authors' code;
// others map it by tanh); weights and biases start uniform in ±1/√fan_in.
//
// Results (mean return of the final policy over 100 episodes, interquartile mean over seeds):
//   config/tasks/pendulum_sac.yaml, 2,500 steps, seeds 0–9: −150.4, at least −160 in 9 of 10
#pragma once

#include "agent/agent.h"
#include "agent/critics.h"
#include "agent/gaussian_actor.h"
#include "agent/refine.h"
#include "agent/temperature.h"
#include "agent/update_metrics.h"
#include "agent/workers.h"

namespace nabla::agent {

class Sac;

struct SacConfig {
  using Algorithm = Sac;
  static constexpr const char* kName = "SAC";

  nn::NetworkConfig actor{.hidden = {256, 256}, .activation = "relu"};
  nn::NetworkConfig critic{.hidden = {256, 256}, .activation = "relu"};
  double actor_learning_rate = 1e-3;
  double critic_learning_rate = 1e-3;
  OptimizerConfig optimizer;
  TemperatureConfig temperature;
  int batch_size = 256;
  double gamma = 0.99;
  double polyak_rate = 0.005;
  int policy_delay = 1;
  EnsembleConfig ensemble;
  RefineConfig refine;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("actor", actor, "Policy network: mean and log sigma before the squashing by tanh");
    ar("critic", critic, "Each of the value networks Q(s, a)");
    ar("actor_learning_rate", actor_learning_rate, "Adam step size of the actor").Above(0);
    ar("critic_learning_rate", critic_learning_rate, "Adam step size of the critics").Above(0);
    ar("optimizer", optimizer, "What becomes of the gradients of all networks");
    ar("temperature", temperature, "Weight alpha of the policy's entropy");
    ar("batch_size", batch_size, "Transitions a gradient update").Between(1, 1 << 20);
    ar("gamma", gamma, "Discount factor a step").Between(0, 1);
    ar("polyak_rate", polyak_rate, "tau of the targets, theta' <- (1 - tau) theta' + tau theta")
        .Between(0, 1);
    ar("policy_delay", policy_delay, "Critic updates an actor and temperature update").AtLeast(1);
    ar("ensemble", ensemble, "How many critics, and how their values become one");
    refine.Visit(ar);
  }
};

class Sac : public Agent {
 public:
  Sac(const SacConfig& config, Index observation_size, Index action_size, Rng& initialization,
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

  void SoftTarget(Batch& batch, Rng& rng);
  void ImproveActor(Batch& batch);

  SacConfig config_;
  GaussianActor actor_;
  Critics critics_;
  Temperature temperature_;
  Matrix y_;                // [1, B] temporal-difference target
  Matrix action_gradient_;  // [a, B]
  std::int64_t updates_ = 0;
  UpdateMetrics metrics_;
};

}  // namespace nabla::agent
