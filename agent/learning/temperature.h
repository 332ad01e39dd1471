// Temperature: the weight α of the entropy in SAC and TQC. It is learned such that the policy has
// the target entropy H̄ (Haarnoja et al. 2018b, eq. 18, in the form of the authors' code):
//
//   descend L(log α) = −log α · 1/B Σ_b (log π(a_b|s_b) + H̄),   ∂L/∂log α = −1/B Σ_b log π − H̄
//
// By default, H̄ = −dim(A) for actions in [−1, 1] and log α starts at 0. This loss has no gradient
// in the parameters of the actor and the critics, and their losses have none in log α.
#pragma once

#include <cmath>
#include <numbers>
#include <optional>
#include <stdexcept>
#include <string>

#include "agent/learning/optimizer.h"

namespace nabla::agent {

struct TemperatureConfig {
  bool learned = true;
  double initial = 1;
  double learning_rate = 1e-3;
  std::optional<double> target_entropy = {};

  template <class Archive>
  void Visit(Archive& ar) {
    ar("learned", learned, "Learn the temperature; false: keep the initial value");
    ar("initial", initial, "Initial temperature alpha").Above(0).Between(0, 1e6);
    ar("learning_rate", learning_rate, "Learning rate of log alpha").Above(0);
    ar("target_entropy", target_entropy,
       "Target entropy of the policy, in nats; null: -dim(A), minus the size of the action");
  }
};

class Temperature {
 public:
  Temperature(const TemperatureConfig& config, const OptimizerConfig& optimizer, Index action_size)
      : learned_(config.learned),
        target_entropy_(config.target_entropy.value_or(-static_cast<double>(action_size))),
        initial_(config.initial),
        log_alpha_(Vector::Constant(1, static_cast<Real>(std::log(config.initial)))),
        gradient_(1),
        adam_(optimizer, config.learning_rate, 1) {
    // The uniform distribution on [−1, 1] has the largest entropy, log 2 per action.
    const double largest = static_cast<double>(action_size) * std::numbers::ln2;
    if (target_entropy_ > -1e6 && target_entropy_ < largest) return;
    throw std::invalid_argument("agent.temperature.target_entropy is " +
                                std::to_string(target_entropy_) +
                                ", but must be below the largest entropy of a policy, " +
                                std::to_string(largest) + " (log 2 per action), and above -1e6");
  }

  // Whether α has grown so far that it dominates every reward: no policy has the target entropy.
  bool HasRunAway() const { return learned_ && alpha() > 100 * initial_; }
  double target_entropy() const { return target_entropy_; }

  double alpha() const { return std::exp(static_cast<double>(log_alpha_[0])); }

  void SetProgress(double progress) { adam_.SetProgress(progress); }

  // One step for log_probability [1, B] = log π(a_b|s_b).
  void Learn(const Matrix& log_probability) {
    if (!learned_) return;
    gradient_[0] = -(log_probability.mean() + static_cast<Real>(target_entropy_));
    adam_.Step(gradient_, log_alpha_);
  }

  void SerializeNetworks(const StateArchive& archive) {
    archive.Group("temperature", TensorFile::kNetworks)("log_alpha", log_alpha_);
  }
  void SerializeOptimizer(const StateArchive& archive) {
    adam_.Serialize(archive.Group("temperature.adam", TensorFile::kOptimizer));
  }

 private:
  bool learned_;
  double target_entropy_;
  double initial_;
  Vector log_alpha_;  // [1]
  Vector gradient_;
  ScheduledAdam adam_;
};

}  // namespace nabla::agent
