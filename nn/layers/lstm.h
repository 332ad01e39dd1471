// LSTM cell (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000): one step as
// a layer [x; h; c] → [h'; c'], so that every verb of a layer holds for it.
//
//   [i; f; g; o] = [σ; σ; tanh; σ](W [x; h] + b)
//   c' = f ∘ c + i ∘ g,   h' = o ∘ tanh c'
//
// Parameters in θ, gates stacked in the order i, f, g, o (n_h = cell size):
//   W [4 n_h, n_x + n_h], b [4 n_h]
#pragma once

#include "nn/layers/affine.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

class Lstm : public Layer {
 public:
  Lstm(Index input_size, Index cell_size);  // n_x, n_h

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
  Index cell_size() const { return output_size() / 2; }
  // The gates of every sample from x; cache = [i; f; g; o; tanh c']. y = [h'; c'].
  void Gates(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef y) const;

  Affine gates_;
};

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
