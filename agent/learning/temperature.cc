#include "agent/learning/temperature.h"

#include <cmath>

namespace nabla::agent {

Temperature::Temperature(const TemperatureConfig& config, const OptimizerConfig& optimizer,
                         Index action_size)
    : config_(config),
      optimizer_(optimizer),
      target_entropy_(config.target_entropy.value_or(-static_cast<double>(action_size))),
      log_alpha_(Vector::Constant(1, static_cast<Real>(std::log(config.initial)))),
      gradient_(1),
      adam_(1, optimizer.Adam(config.learning_rate)) {}

double Temperature::alpha() const { return std::exp(static_cast<double>(log_alpha_[0])); }

void Temperature::SetProgress(double progress) {
  adam_.options().learning_rate = config_.learning_rate * optimizer_.RateFactor(progress);
}

void Temperature::Learn(const Matrix& log_probability) {
  if (!config_.learned) return;
  gradient_[0] = -(log_probability.mean() + static_cast<Real>(target_entropy_));
  adam_.Step(gradient_, log_alpha_);
}

void Temperature::AddNetworks(const StateArchive& archive) {
  archive.Group("temperature", TensorFile::kNetworks)("log_alpha", log_alpha_);
}

void Temperature::State(const StateArchive& archive) {
  const StateArchive adam = archive.Group("temperature.adam", TensorFile::kOptimizer);
  adam("m", adam_.first_moment());
  adam("v", adam_.second_moment());
  adam("step", adam_.step());
}

}  // namespace nabla::agent
