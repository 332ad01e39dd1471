// ObservationNormalizer: observations with running mean 0 and variance 1.
//
//   x̂ = clip((x − m) / √(v + ε), ±10),   ε = 1e-8
//
// m and v are the mean and the population variance of all observations on which the training has
// acted (Welford 1962). The replay buffer stores raw observations, so a whole batch is normalised
// with the same m and v. Only Observe changes m and v; an evaluation does not.
#pragma once

#include "agent/state/state_archive.h"
#include "agent/state/types.h"

namespace nabla::agent {

class ObservationNormalizer {
 public:
  static constexpr double kClip = 10;
  static constexpr double kEpsilon = 1e-8;

  explicit ObservationNormalizer(Index observation_size);

  // Adds observations [o, n] to the statistics.
  void Observe(const ConstMatrixRef& observation);

  // x ← x̂ in place, for x [o, n].
  void Apply(MatrixRef observation) const;

  // The diagonal [o] of ∂x̂/∂x at x [o]: the scale, or 0 where x̂ is clipped.
  Vector Slope(const ConstMatrixRef& observation) const;

  // x̂ = scale ∘ (x − center) where x̂ is not clipped   [o]
  const Vector& scale() const { return scale_; }
  const Vector& center() const { return center_; }

  void Serialize(const StateArchive& archive);

 private:
  void UpdateScale();

  std::int64_t count_ = 0;
  Eigen::VectorXd mean_;     // [o] m
  Eigen::VectorXd squares_;  // [o] Σ (x − m)² = count · v
  Vector scale_;             // [o] 1 / √(v + ε)
  Vector center_;            // [o] m
};

}  // namespace nabla::agent
