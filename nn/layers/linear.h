// Linear: a = f(v), v = W x + b, the pair of a weight matrix and its elementwise activation
// (MATH.md's layer k).
//
// Parameters in θ: W [output_size, input_size] column-major, then b [output_size].
#pragma once

#include "nn/kernels/activation.h"
#include "nn/layers/affine.h"
#include "nn/layers/layer.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

class Linear : public Layer {
 public:
  // Weights and biases start uniform in ±scale / √input_size (LeCun et al. 1998, the default of
  // the reference implementations); a small scale makes a last layer start near zero.
  Linear(Index input_size, Index output_size, const Activation& activation, Real scale = 1);

  const Activation& activation() const { return activation_; }

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
  Affine affine_;
  const Activation& activation_;
  Real scale_;
};

// An elementwise activation alone, y = f(x): after a LayerNorm, for instance. No parameters.
class Elementwise : public Layer {
 public:
  Elementwise(Index size, const Activation& activation);

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

 private:
  const Activation& activation_;
};

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
