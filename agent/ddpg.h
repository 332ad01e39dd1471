// DDPG: Deep Deterministic Policy Gradient (Lillicrap, Hunt, Pritzel, Heess, Erez, Tassa, Silver &
// Wierstra 2016, "Continuous control with deep reinforcement learning").
//
//   y  = r + discount · Q'(s', μ'(s'))
//   Q:   descend 1/B Σ (Q(s, a) − y)²
//   μ:   ascend 1/B Σ Q(s, μ(s)), and let both targets follow
//
// Beyond the paper: actor_update action_improvement (agent/deterministic_actor.h).
//
// Metrics: those of agent/update_metrics.h.
// Deviations from the paper: the action enters the critic's first layer, not its second; no weight
// decay, no batch normalisation; weights and biases start uniform in ±1/√fan_in in every layer.
//
// Results (mean return of the final policy over 100 episodes, interquartile mean over seeds):
//   config/tasks/pendulum_ddpg.yaml, 2,500 steps, seeds 0–4: −206, between −142 and −1348
#pragma once

#include "agent/agent.h"
#include "agent/critics.h"
#include "agent/deterministic_actor.h"
#include "agent/refine.h"
#include "agent/update_metrics.h"
#include "agent/workers.h"

namespace nabla::agent {

class Ddpg;

struct DdpgConfig {
  using Algorithm = Ddpg;
  static constexpr const char* kName = "DDPG";

  nn::NetworkConfig actor{.hidden = {256, 256}, .activation = "relu"};
  nn::NetworkConfig critic{.hidden = {256, 256}, .activation = "relu"};
  double actor_learning_rate = 1e-3;
  double critic_learning_rate = 1e-3;
  OptimizerConfig optimizer;
  int batch_size = 256;
  double gamma = 0.99;
  double polyak_rate = 0.005;
  NoiseConfig exploration;
  ActorUpdateConfig actor_update;
  RefineConfig refine;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("actor", actor, "Policy network mu(s), tanh output");
    ar("critic", critic, "Value network Q(s, a)");
    ar("actor_learning_rate", actor_learning_rate, "Adam step size of the actor").Above(0);
    ar("critic_learning_rate", critic_learning_rate, "Adam step size of the critic").Above(0);
    ar("optimizer", optimizer, "What becomes of the gradients of all networks");
    ar("batch_size", batch_size, "Transitions a gradient update").Between(1, 1 << 20);
    ar("gamma", gamma, "Discount factor a step").Between(0, 1);
    ar("polyak_rate", polyak_rate, "tau of the targets, theta' <- (1 - tau) theta' + tau theta")
        .Between(0, 1);
    ar("exploration", exploration, "Noise on the action while exploring");
    actor_update.Visit(ar);
    refine.Visit(ar);
  }
};

class Ddpg : public Agent {
 public:
  Ddpg(const DdpgConfig& config, Index observation_size, Index action_size, Rng& initialization,
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
  DdpgConfig config_;
  Learner actor_;
  Target actor_target_;
  Critics critics_;         // of one
  Matrix y_;                // [1, B] temporal-difference target
  Matrix action_gradient_;  // [a, B]
  Matrix scratch_;          // [a, B]
  std::int64_t updates_ = 0;
  UpdateMetrics metrics_;
};

}  // namespace nabla::agent
