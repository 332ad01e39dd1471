// Softmax over the outputs of each sample: y_i = exp(x_i) / Σ_j exp(x_j). No parameters.
//
// The Jacobian is full and symmetric, ∂y/∂x = diag(y) − y yᵀ, so that forward and reverse mode are
// the same map u → y ∘ (u − yᵀu).
#pragma once

#include "nn/layers/layer.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

class Softmax : public Layer {
 public:
  explicit Softmax(Index size) : Layer(size, size) {}

  LayerSpec Spec() const override;
  std::vector<ParameterBlock> Parameters() const override { return {}; }
  void Initialize(const UniformSource&, Real*) const override {}
  void Prepare(const TapeShape& shape, LayerTape& tape) const override;
  void Evaluate(const Real* theta, const ConstMatrixRef& x, LayerTape& tape,
                MatrixRef y) const override;
  void Forward(const Real* theta, const ConstMatrixRef& x, LayerTape& tape,
               MatrixRef y) const override;
  void Reverse(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef dy,
               const ParameterSink& sink, MatrixRef* dx, Index first_input) const override;
  void Jvp(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
           const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef y_dot) const override;
  void ReverseTangent(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                      const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef dy, MatrixRef dy_dot,
                      Real* dtheta_dot, MatrixRef* dx, MatrixRef* dx_dot) const override;
};

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
