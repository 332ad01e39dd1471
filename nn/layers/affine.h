// Affine: the map v = W x + b with all its derivatives, the part that linear layers and recurrent
// cells have in common.
//
// A layer may hold several such maps, each of a block of rows of its input and a slice of its
// parameters. All functions take the whole x, theta and dx of the layer.
//
// Parameters at theta + offset: W [output, input] column-major, then b [output].
#pragma once

#include "nn/layers/layer.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

struct Affine {
  Index input = 0;
  Index output = 0;
  Index first_row = 0;  // of the layer's input
  Index offset = 0;     // into the layer's slice of θ

  Index parameter_count() const { return output * (input + 1); }
  // "<prefix>weight" and "<prefix>bias"
  std::vector<ParameterBlock> Parameters(const std::string& prefix = "") const;

  // The number of scratch elements that Reverse uses.
  Index ScratchSize(const TapeShape& shape) const;

  // v = W x + b   x [input, B], v [output, B]
  void Forward(const Real* theta, const ConstMatrixRef& x, MatrixRef v) const;

  // For local gradients delta = ∂E/∂v [output, B·g]:
  //   sink    receives δ xᵀ and Σ δ, as one Jacobian row per column of delta
  //   dx      = Wᵀ δ [·, B·g] in the rows of this map's input, the others are not written;
  //             may be null
  void Reverse(const Real* theta, const ConstMatrixRef& x, const ConstMatrixRef& delta,
               const ParameterSink& sink, Real* scratch, MatrixRef* dx, Index first_input) const;

  // v_dot = W x_dot + W_dot x + b_dot. A null direction is zero.
  void Jvp(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
           const ConstMatrixRef* x_dot, MatrixRef v_dot) const;

  //   dtheta_dot += (δ_dot xᵀ + δ x_dotᵀ, Σ δ_dot)      may be null
  //   dx = Wᵀ δ,   dx_dot = Wᵀ δ_dot + W_dotᵀ δ          in the rows of this map's input; both
  //                                                      skipped if dx_dot is null
  void ReverseTangent(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                      const ConstMatrixRef* x_dot, const ConstMatrixRef& delta,
                      const ConstMatrixRef& delta_dot, Real* dtheta_dot, MatrixRef* dx,
                      MatrixRef* dx_dot) const;

 private:
  Eigen::Map<const Matrix> Weight(const Real* theta) const {
    return {theta + offset, output, input};
  }
  const Real* Bias(const Real* theta) const { return theta + offset + output * input; }
  ConstMatrixRef Input(const ConstMatrixRef& x) const { return x.middleRows(first_row, input); }
};

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
