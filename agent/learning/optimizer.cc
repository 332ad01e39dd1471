#include "agent/learning/optimizer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace nabla::agent {
namespace {

class AdamOptimizer : public Optimizer {
 public:
  AdamOptimizer(const OptimizerConfig& config, double learning_rate, Index parameters)
      : longest_(config.max_gradient_norm == 0
                     ? Real(0)
                     : std::max(static_cast<Real>(config.max_gradient_norm),
                                std::numeric_limits<Real>::min())),
        gradient_(parameters),
        adam_(config, learning_rate, parameters) {}

  Requirements Needs() const override { return {}; }
  void SetProgress(double progress) override { adam_.SetProgress(progress); }

  void Step(const ConstMatrixRef& cotangent, const Matrix* /*curvature*/, nn::Tape& tape,
            nn::Network& network) override {
    gradient_.setZero();
    network.Vjp(tape, cotangent, &gradient_, nullptr);
    if (longest_ > 0) {
      const Real norm = gradient_.norm();
      if (norm > longest_) gradient_ *= longest_ / norm;
    }
    adam_.Step(gradient_, network.parameters());
  }

  void Serialize(const StateArchive& archive) override {
    adam_.Serialize(archive.Group("adam", TensorFile::kOptimizer));
  }

 private:
  const Real longest_;
  Vector gradient_;
  ScheduledAdam adam_;
};

}  // namespace

double OptimizerConfig::RateFactor(double progress) const {
  switch (schedule) {
    case Schedule::kConstant:
      return 1;
    case Schedule::kLinear:
      return 1 - (1 - final_rate) * progress;
    case Schedule::kCosine:
      return final_rate + (1 - final_rate) * (1 + std::cos(std::numbers::pi * progress)) / 2;
  }
  return 1;
}

std::unique_ptr<Optimizer> MakeAdam(const OptimizerConfig& config, double learning_rate,
                                    Index parameters) {
  return std::make_unique<AdamOptimizer>(config, learning_rate, parameters);
}

ScheduledAdam::ScheduledAdam(const OptimizerConfig& config, double learning_rate, Index parameters)
    : config_(config),
      learning_rate_(learning_rate),
      adam_(parameters, {.learning_rate = learning_rate,
                         .beta1 = config.beta1,
                         .beta2 = config.beta2,
                         .epsilon = config.epsilon}) {}

void ScheduledAdam::SetProgress(double progress) {
  adam_.options().learning_rate = learning_rate_ * config_.RateFactor(progress);
}

void ScheduledAdam::Serialize(const StateArchive& archive) {
  archive("m", adam_.first_moment());
  archive("v", adam_.second_moment());
  archive.Between("step", adam_.step(), 0, kMaxCount);
  if (!archive.restoring()) return;
  archive.Require((adam_.second_moment().array() >= 0).all(), "v", "has a negative number");
}

}  // namespace nabla::agent
