// Affine: the map v = W x + b with all its derivatives, the part that linear layers and the
// recurrent cells share.
//
// Parameters in θ: W [output, input] column-major, then b [output].
#pragma once

#include "nn/layers/layer.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

struct Affine {
  Index input = 0;
  Index output = 0;

  Index parameter_count() const { return output * (input + 1); }
  Eigen::Map<const Matrix> Weight(const Real* theta) const { return {theta, output, input}; }
  const Real* Bias(const Real* theta) const { return theta + output * input; }

  // Numbers of scratch that the functions below use.
  Index ScratchSize(const TapeShape& shape) const;

  // v = W x + b   x [input, B], v [output, B]
  void Evaluate(const Real* theta, const ConstMatrixRef& x, MatrixRef v) const;

  // For local gradients delta = ∂E/∂v [output, B·g]:
  //   sink      δ xᵀ and Σ δ, as one Jacobian row a column of delta
  //   dx      = rows first_input … of Wᵀ δ [·, B·g]; skipped where null
  void Reverse(const Real* theta, const ConstMatrixRef& x, const ConstMatrixRef& delta,
               const ParameterSink& sink, Real* scratch, MatrixRef* dx, Index first_input) const;

  // v_dot = W x_dot + W_dot x + b_dot; a null direction is zero.
  void Jvp(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
           const ConstMatrixRef* x_dot, MatrixRef v_dot) const;

  //   dtheta_dot += (δ_dot xᵀ + δ x_dotᵀ, Σ δ_dot)      skipped where null
  //   dx = Wᵀ δ,   dx_dot = Wᵀ δ_dot + W_dotᵀ δ          skipped where dx_dot is null
  void ReverseTangent(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                      const ConstMatrixRef* x_dot, const ConstMatrixRef& delta,
                      const ConstMatrixRef& delta_dot, Real* dtheta_dot, Real* scratch,
                      MatrixRef* dx, MatrixRef* dx_dot) const;
};

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
