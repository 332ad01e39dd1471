#include "agent/learning/temperature.h"

#include <cmath>

namespace nabla::agent {

Temperature::Temperature(const TemperatureConfig& config, const OptimizerConfig& optimizer,
                         Index action_size)
    : learned_(config.learned),
      target_entropy_(config.target_entropy.value_or(-static_cast<double>(action_size))),
      log_alpha_(Vector::Constant(1, static_cast<Real>(std::log(config.initial)))),
      gradient_(1),
      adam_(optimizer, config.learning_rate, 1) {}

double Temperature::alpha() const { return std::exp(static_cast<double>(log_alpha_[0])); }

void Temperature::Learn(const Matrix& log_probability) {
  if (!learned_) return;
  gradient_[0] = -(log_probability.mean() + static_cast<Real>(target_entropy_));
  adam_.Step(gradient_, log_alpha_);
}

void Temperature::SerializeNetworks(const StateArchive& archive) {
  archive.Group("temperature", TensorFile::kNetworks)("log_alpha", log_alpha_);
}

void Temperature::SerializeOptimizer(const StateArchive& archive) {
  adam_.Serialize(archive.Group("temperature.adam", TensorFile::kOptimizer));
}

}  // namespace nabla::agent
