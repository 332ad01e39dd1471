// The results of one step of n copies of an environment, one column for each copy.
#pragma once

#include <Eigen/Core>

namespace nabla::envs {

template <class Scalar>
struct BatchResult {
  using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
  using Flags = Eigen::Array<bool, Eigen::Dynamic, 1>;

  Matrix observations;        // [p, n] to act on next; of the new episode where one ended
  Matrix final_observations;  // [p, n] last of the episode; set only where one ended
  Eigen::Matrix<Scalar, Eigen::Dynamic, 1> rewards;  // [n]
  Flags terminated;                                  // [n]
  Flags truncated;                                   // [n]

  void Resize(int observation_size, int copies) {
    observations.setZero(observation_size, copies);
    final_observations.setZero(observation_size, copies);
    rewards.setZero(copies);
    terminated.setConstant(copies, false);
    truncated.setConstant(copies, false);
  }
  bool Fits(int observation_size, int copies) const {
    return observations.rows() == observation_size && observations.cols() == copies;
  }
};

}  // namespace nabla::envs
