#include "agent/policy/observation_normalizer.h"

namespace nabla::agent {

ObservationNormalizer::ObservationNormalizer(Index observation_size)
    : mean_(Eigen::VectorXd::Zero(observation_size)),
      squares_(Eigen::VectorXd::Zero(observation_size)),
      scale_(Vector::Ones(observation_size)),
      center_(Vector::Zero(observation_size)) {}

void ObservationNormalizer::Observe(const ConstMatrixRef& observation) {
  for (Index i = 0; i < observation.cols(); ++i) {
    ++count_;
    for (Index k = 0; k < mean_.size(); ++k) {
      const auto x = static_cast<double>(observation(k, i));
      const double from_old_mean = x - mean_[k];
      mean_[k] += from_old_mean / static_cast<double>(count_);
      squares_[k] += from_old_mean * (x - mean_[k]);
    }
  }
  UpdateScale();
}

// Before the first observation, x̂ = clip(x, ±10).
void ObservationNormalizer::UpdateScale() {
  if (count_ == 0) return;
  scale_ = (squares_.array() / static_cast<double>(count_) + kEpsilon).rsqrt().cast<Real>();
  center_ = mean_.cast<Real>();
}

void ObservationNormalizer::Apply(MatrixRef observation) const {
  constexpr auto kBound = static_cast<Real>(kClip);
  for (Index i = 0; i < observation.cols(); ++i) {
    auto x = observation.col(i);
    x = (x - center_).cwiseProduct(scale_).cwiseMax(-kBound).cwiseMin(kBound);
  }
}

Vector ObservationNormalizer::Slope(const ConstMatrixRef& observation) const {
  const Vector scaled = (observation.col(0) - center_).cwiseProduct(scale_);
  return (scaled.array().abs() <= static_cast<Real>(kClip)).select(scale_, Real(0));
}

void ObservationNormalizer::Serialize(const StateArchive& archive) {
  archive.Between("count", count_, 0, kMaxCount);
  archive("mean", mean_);
  archive("squares", squares_);
  if (!archive.restoring()) return;
  archive.Require((squares_.array() >= 0).all(), "squares", "has a negative number");
  UpdateScale();
}

}  // namespace nabla::agent
