// TD3: Twin Delayed Deep Deterministic policy gradient (Fujimoto, van Hoof & Meger 2018,
// "Addressing Function Approximation Error in Actor-Critic Methods").
//
//   a' = clip(μ'(s') + clip(ε, ±c), ±1)                    target policy smoothing
//   y  = r + γ (1 − d) min(Q1'(s', a'), Q2'(s', a'))       clipped double Q-learning (d: terminal)
//   Q_i:  minimise 1/B Σ (Q_i(s, a) − y)²
//   every policy_delay updates:
//     μ:  ascend 1/B Σ Q1(s, μ(s)), and let the three targets follow
//
// Metrics: critic_loss (mean of the two), actor_objective (1/B Σ Q1(s, μ(s))), q_mean (mean of y).
// Deviations from the authors' code: weights and biases start uniform in ±1/√fan_in (as there);
// nothing else.
#pragma once

#include <array>
#include <memory>

#include "agent/agent.h"
#include "agent/learner.h"
#include "agent/workers.h"
#include "nn/network_config.h"

namespace nabla::agent {

struct Td3Config {
  static constexpr const char* kName = "TD3";

  nn::NetworkConfig actor{.hidden = {256, 256}, .activation = "relu"};
  nn::NetworkConfig critic{.hidden = {256, 256}, .activation = "relu"};
  double actor_learning_rate = 1e-3;
  double critic_learning_rate = 1e-3;
  int batch_size = 256;
  double gamma = 0.99;
  double polyak_rate = 0.005;
  int policy_delay = 2;
  double target_noise = 0.2;
  double target_noise_clip = 0.5;
  NoiseConfig exploration;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("actor", actor, "Policy network mu(s), tanh output");
    ar("critic", critic, "Each of the twin value networks Q(s, a)");
    ar("actor_learning_rate", actor_learning_rate, "Adam step size of the actor").Above(0);
    ar("critic_learning_rate", critic_learning_rate, "Adam step size of the critics").Above(0);
    ar("batch_size", batch_size, "Transitions a gradient update").Between(1, 1 << 20);
    ar("gamma", gamma, "Discount factor a step").Between(0, 1);
    ar("polyak_rate", polyak_rate, "tau of the targets, theta' <- (1 - tau) theta' + tau theta")
        .Between(0, 1);
    ar("policy_delay", policy_delay, "Critic updates an actor and target update").AtLeast(1);
    ar("target_noise", target_noise, "Standard deviation of the target action's noise").AtLeast(0);
    ar("target_noise_clip", target_noise_clip, "Bound of the target action's noise").AtLeast(0);
    ar("exploration", exploration, "Noise on the action while exploring");
  }
};

class Td3 : public Agent {
 public:
  Td3(const Td3Config& config, Index observation_size, Index action_size, Rng& initialization,
      Workers& workers);

  nn::Tape MakeActTape(Index n) const override { return actor_.network.MakeTape(n); }
  void Act(const ConstMatrixRef& observation, Mode mode, Rng& rng, nn::Tape& tape,
           MatrixRef action) const override;
  const NoiseConfig* exploration_noise() const override { return &config_.exploration; }
  void Update(Batch& batch, Rng& rng) override;

  int batch_size() const override { return config_.batch_size; }
  double gamma() const override { return config_.gamma; }
  std::vector<Metric>& metrics() override { return metrics_; }
  const std::vector<Metric>& metrics() const override { return metrics_; }
  std::vector<NamedNetwork> Inspect() const override;
  void Networks(const StateArchive& archive) override;
  void State(const StateArchive& archive) override;

 private:
  enum { kCriticLoss, kActorObjective, kQMean };

  // One of the twins.
  struct Critic {
    Learner learner;
    Target target;
    Matrix residual;   // [1, B], Q − y
    Matrix cotangent;  // [1, B]
    double loss = 0;
  };

  Critic MakeCritic(Index observation_size, Index action_size, Rng& initialization) const;
  void ImproveActor(Batch& batch);

  Td3Config config_;
  Workers& workers_;
  Learner actor_;
  Target actor_target_;
  std::array<Critic, 2> critics_;
  Matrix y_;                // [1, B] temporal-difference target
  Matrix ascent_;           // [1, B], −1/B each: the mean over the batch, climbed
  Matrix action_gradient_;  // [a, B]
  std::int64_t updates_ = 0;
  std::vector<Metric> metrics_ = {{"critic_loss"}, {"actor_objective"}, {"q_mean"}};
};

}  // namespace nabla::agent
