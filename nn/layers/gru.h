// GRU cell (Cho et al. 2014, in the form of cuDNN): one step of a gated recurrent unit as a layer
// [x; h] → h', so that every verb of a layer holds for it.
//
//   r = σ(p_r + q_r),  z = σ(p_z + q_z),  n = tanh(p_n + r ∘ q_n),   p = W x + b,  q = U h + c
//   h' = (1 − z) ∘ n + z ∘ h
//
// Parameters in θ, gates stacked in the order r, z, n (n_h = state size):
//   W [3 n_h, n_x], b [3 n_h], U [3 n_h, n_h], c [3 n_h]
#pragma once

#include "nn/layers/affine.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

class Gru : public Layer {
 public:
  Gru(Index input_size, Index state_size);  // n_x, n_h

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

 private:
  Index state_size() const { return output_size(); }
  // The gates of every sample from x; cache = [r; z; n; q_n]. y = h'.
  void Gates(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef y) const;

  Affine input_;  // p
  Affine state_;  // q
};

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
