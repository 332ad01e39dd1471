// FloatBatch: many copies of one environment in float, for speed: a register of them is stepped at
// once (pack.h), from the same model that simulates in double.
//
// A copy has its own random stream (seed, "batch.<copy>") and starts anew by itself when it ends:
// by termination, or after the spec's step limit. Float arithmetic: one step differs from the
// double one by rounding (about 1e-6 relative), so that episodes drift apart as any chaotic motion
// does. A trainer wants VectorEnvironment (vector_environment.h), which has the bits of single
// ones.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <memory>
#include <string_view>

#include "envs/core/batch_result.h"
#include "envs/core/environment.h"

namespace nabla::envs {

class FloatBatch {
 public:
  virtual ~FloatBatch() = default;

  virtual const Spec& spec() const = 0;
  virtual int copies() const = 0;

  // Starts all copies anew and sizes `result`; its observations are those of the starts.
  virtual void Reset(BatchResult<float>& result) = 0;

  // One step of every copy, `actions` [m, n]. Throws std::invalid_argument, nothing changed, for a
  // wrong size or a value that is not finite.
  virtual void Step(const Eigen::Ref<const Eigen::MatrixXf>& actions,
                    BatchResult<float>& result) = 0;

  // The states [n_states, n], for tests and pictures.
  virtual Eigen::MatrixXf States() const = 0;
  virtual void SetStates(const Eigen::Ref<const Eigen::MatrixXf>& states) = 0;
};

// Throws std::invalid_argument for an unknown name, or an environment without a model
// (DiscreteAction and the linear-quadratic ones).
std::unique_ptr<FloatBatch> MakeFloatBatch(std::string_view name, int copies, std::uint64_t seed);

}  // namespace nabla::envs
