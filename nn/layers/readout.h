// Readout: y = [g(x_1 … x_k); x], a sequence of layers on the first k inputs, and the whole input
// passed on after its result. It turns the state of a recurrent cell into the output and the next
// state that MATH.md calls z = [y; r].
//
// Parameters in θ: those of the inner layers, in order, named "<layer>.<block>".
#pragma once

#include "nn/layers/sequence.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

class Readout : public Layer {
 public:
  // Throws std::invalid_argument if the inner layers read more than `input_size` inputs.
  Readout(Index input_size, const LayerList& inner);

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
  Sequence inner_;
};

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
