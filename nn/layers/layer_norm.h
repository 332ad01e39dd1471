// LayerNorm (Ba, Kiros & Hinton 2016): each sample is brought to mean 0 and variance 1.
//
//   y = γ ∘ x̂ + β,   x̂ = (x − mean x) s,   s = 1 / √(var x + ε),   ε = 1e-5
//
// Its Jacobian in x is diag(γ) P with the symmetric map
//   P u = s (u − mean u − x̂ mean(x̂ ∘ u))
// so that forward mode is γ ∘ P x_dot and reverse mode P (γ ∘ dy).
//
// Parameters in θ: γ [size] ("scale"), β [size] ("shift").
#pragma once

#include "nn/layers/layer.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

class LayerNorm : public Layer {
 public:
  explicit LayerNorm(Index size) : Layer(size, size) {}

  LayerSpec Spec() const override;
  std::vector<ParameterBlock> Parameters() const override;
  void Initialize(const UniformSource& uniform, Real* theta) const override;
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
