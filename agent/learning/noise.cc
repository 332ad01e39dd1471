#include "agent/learning/noise.h"

#include <algorithm>
#include <cmath>

namespace nabla::agent {

ExplorationNoise::ExplorationNoise(const NoiseConfig& config, Index action_size, Index environments)
    : noise_(Eigen::MatrixXd::Zero(action_size, environments)) {
  if (const auto* walk = std::get_if<OrnsteinUhlenbeckNoise>(&config.process)) {
    decay_ = walk->theta * walk->dt;
    scale_ = walk->sigma * std::sqrt(walk->dt);
  } else {
    scale_ = std::get<GaussianNoise>(config.process).sigma;
  }
}

void ExplorationNoise::AddTo(Rng& rng, MatrixRef action) {
  for (Index i = 0; i < noise_.size(); ++i) {
    double& n = noise_.data()[i];
    n = (1 - decay_) * n + scale_ * rng.Normal();
    Real& a = action.data()[i];
    a = std::clamp<Real>(a + static_cast<Real>(n), -1, 1);
  }
}

}  // namespace nabla::agent
