// ObservationNormalizer: observations with mean 0 and variance 1, by what training has met so far.
//
//   x̂ = clip((x − m) / √(v + ε), ±10),   ε = 1e-8
//
// m and v are mean and population variance of all observations that training acted on (Welford
// 1962). The replay buffer keeps raw observations, so that all of a batch is seen with the same m
// and v. Only Observe changes them: evaluation and whoever loads a checkpoint see them frozen.
#pragma once

#include "agent/replay/batch.h"
#include "agent/state/state_archive.h"

namespace nabla::agent {

class ObservationNormalizer {
 public:
  static constexpr double kClip = 10;
  static constexpr double kEpsilon = 1e-8;

  explicit ObservationNormalizer(Index observation_size);

  // Takes observations [o, n] into the statistics.
  void Observe(const ConstMatrixRef& observation);

  // x ← x̂ in place, for x [o, n].
  void Apply(MatrixRef observation) const;

  // x̂ = scale ∘ (x − center) inside of the clip   [o]
  const Vector& scale() const { return scale_; }
  const Vector& center() const { return center_; }

  void State(const StateArchive& archive);

 private:
  void UpdateScale();

  std::int64_t count_ = 0;
  Eigen::VectorXd mean_;     // [o] m
  Eigen::VectorXd squares_;  // [o] Σ (x − m)² = count · v
  Vector scale_;             // [o] 1 / √(v + ε)
  Vector center_;            // [o] m
};

}  // namespace nabla::agent
