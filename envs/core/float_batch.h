// FloatBatch: many copies of one environment in float, for speed. It steps a vector register of
// copies at a time (pack.h), with the same model that simulates in double.
//
// Each copy has its own random stream (seed, "batch.<copy>") and restarts by itself when its
// episode terminates or reaches the spec's step limit. One step differs from a step in double by
// rounding (about 1e-6 relative), so episodes diverge where the motion is chaotic. Training uses
// agent::VectorEnvironment, which has the bits of single environments.
#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "envs/core/batch_result.h"
#include "envs/core/environment.h"

namespace nabla::envs {

class FloatBatch {
 public:
  virtual ~FloatBatch() = default;

  virtual const Spec& spec() const = 0;
  virtual int copies() const = 0;

  // Restarts all n copies, resizes `result` and writes the initial observations to it.
  virtual void Reset(BatchResult<float>& result) = 0;

  // Steps every copy; `actions` is [action_size, n]. Throws std::invalid_argument and changes
  // nothing if a size is wrong or a value is not finite.
  virtual void Step(const Eigen::Ref<const Eigen::MatrixXf>& actions,
                    BatchResult<float>& result) = 0;

  // The states [state_size, n].
  virtual Eigen::MatrixXf States() const = 0;
  virtual void SetStates(const Eigen::Ref<const Eigen::MatrixXf>& states) = 0;
};

}  // namespace nabla::envs
