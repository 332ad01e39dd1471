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
// 2021); actor_update action_improvement (agent/deterministic_actor.h).
//
// Metrics: those of agent/update_metrics.h.
// Deviations from the authors' code: weights and biases start uniform in ±1/√fan_in (as there);
// nothing else.
#pragma once

#include "agent/agent.h"
#include "agent/critics.h"
#include "agent/deterministic_actor.h"
#include "agent/refine.h"
#include "agent/update_metrics.h"
#include "agent/workers.h"

namespace nabla::agent {

class Td3;

struct Td3Config {
  using Algorithm = Td3;
  static constexpr const char* kName = "TD3";

  nn::NetworkConfig actor{.hidden = {256, 256}, .activation = "relu"};
  nn::NetworkConfig critic{.hidden = {256, 256}, .activation = "relu"};
  double actor_learning_rate = 1e-3;
  double critic_learning_rate = 1e-3;
  OptimizerConfig optimizer;
  int batch_size = 256;
  double gamma = 0.99;
  double polyak_rate = 0.005;
  int policy_delay = 2;
  double target_noise = 0.2;
  double target_noise_clip = 0.5;
  NoiseConfig exploration;
  EnsembleConfig ensemble{.actor = "first"};
  ActorUpdateConfig actor_update;
  RefineConfig refine;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("actor", actor, "Policy network mu(s), tanh output");
    ar("critic", critic, "Each of the value networks Q(s, a)");
    ar("actor_learning_rate", actor_learning_rate, "Adam step size of the actor").Above(0);
    ar("critic_learning_rate", critic_learning_rate, "Adam step size of the critics").Above(0);
    ar("optimizer", optimizer, "What becomes of the gradients of all networks");
    ar("batch_size", batch_size, "Transitions a gradient update").Between(1, 1 << 20);
    ar("gamma", gamma, "Discount factor a step").Between(0, 1);
    ar("polyak_rate", polyak_rate, "tau of the targets, theta' <- (1 - tau) theta' + tau theta")
        .Between(0, 1);
    ar("policy_delay", policy_delay, "Critic updates an actor and target update").AtLeast(1);
    ar("target_noise", target_noise, "Standard deviation of the target action's noise").AtLeast(0);
    ar("target_noise_clip", target_noise_clip, "Bound of the target action's noise").AtLeast(0);
    ar("exploration", exploration, "Noise on the action while exploring");
    ar("ensemble", ensemble, "How many critics, and how their values become one");
    actor_update.Visit(ar);
    refine.Visit(ar);
  }
};

class Td3 : public Agent {
 public:
  Td3(const Td3Config& config, Index observation_size, Index action_size, Rng& initialization,
      Workers& workers);

  ActTape MakeActTape(Index n) const override;
  void Act(const ConstMatrixRef& observation, Mode mode, Rng& rng, ActTape& tape,
           MatrixRef action) const override;
  const NoiseConfig* exploration_noise() const override { return &config_.exploration; }
  void Update(Batch& batch, double progress, Rng& rng) override;

  int batch_size() const override { return config_.batch_size; }
  double gamma() const override { return config_.gamma; }
  double ValueBound(double reward) const override { return reward / (1 - config_.gamma); }
  double TargetSize() const override { return metrics_.target_size(); }
  std::vector<Metric>& metrics() override { return metrics_.list(); }
  const std::vector<Metric>& metrics() const override { return metrics_.list(); }
  std::vector<NamedNetwork> Inspect() const override;
  void Networks(const StateArchive& archive) override;
  void State(const StateArchive& archive) override;

 private:
  void LearnActor(Batch& batch);

  Td3Config config_;
  Learner actor_;
  Target actor_target_;
  Critics critics_;
  Matrix y_;                // [1, B] temporal-difference target
  Matrix action_gradient_;  // [a, B]
  Matrix scratch_;          // [a, B]
  std::int64_t updates_ = 0;
  UpdateMetrics metrics_;
};

}  // namespace nabla::agent
