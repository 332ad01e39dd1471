#include "nn/layers/linear.h"

#include <cmath>

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

// The elementwise half of both layers. cache = f'(v), curvature = f''(v),
// cache_dot = d f'(v) = f''(v) ∘ v_dot. The identity keeps nothing.

void PrepareActivation(const Activation& activation, Index size, const TapeShape& shape,
                       LayerTape& tape) {
  const Index rows = activation.is_identity ? 0 : size;
  tape.cache.resize(rows, shape.batch);
  tape.curvature.resize(shape.second_order ? rows : 0, shape.batch);
  tape.cache_dot.resize(shape.second_order ? rows : 0, shape.batch);
}

// y holds v and becomes f(v).
void Activate(const Activation& activation, LayerTape& tape, MatrixRef y) {
  if (activation.is_identity) return;
  if (tape.curvature.size() > 0) {
    activation.curvature(y.data(), tape.curvature.data(), y.size());
  }
  activation.forward(y.data(), tape.cache.data(), y.size());
}

// dy becomes δ = dy ∘ f'(v).
void ReverseActivation(const Activation& activation, const LayerTape& tape, MatrixRef dy) {
  if (!activation.is_identity) ScaleSamples(tape.cache, dy);
}

// v_dot becomes f'(v) ∘ v_dot.
void TangentActivation(const Activation& activation, LayerTape& tape, MatrixRef v_dot) {
  if (activation.is_identity) return;
  if (tape.cache_dot.size() > 0) tape.cache_dot.array() = tape.curvature.array() * v_dot.array();
  v_dot.array() *= tape.cache.array();
}

// (dy, dy_dot) become (δ, δ_dot).
void ReverseTangentActivation(const Activation& activation, const LayerTape& tape, MatrixRef dy,
                              MatrixRef dy_dot) {
  if (activation.is_identity) return;
  dy_dot.array() = dy_dot.array() * tape.cache.array() + dy.array() * tape.cache_dot.array();
  dy.array() *= tape.cache.array();
}

}  // namespace

Linear::Linear(Index input_size, Index output_size, const Activation& activation, Real scale)
    : Layer(input_size, output_size),
      affine_{input_size, output_size},
      activation_(activation),
      scale_(scale) {}

LayerSpec Linear::Spec() const {
  return {.kind = "linear",
          .input_size = input_size(),
          .output_size = output_size(),
          .activation = activation_.name};
}

std::vector<ParameterBlock> Linear::Parameters() const {
  return {{"weight", 0, output_size(), input_size()},
          {"bias", output_size() * input_size(), output_size(), 1}};
}

void Linear::Initialize(const UniformSource& uniform, Real* theta) const {
  const double bound = static_cast<double>(scale_) / std::sqrt(static_cast<double>(input_size()));
  for (Index i = 0; i < affine_.parameter_count(); ++i) {
    theta[i] = static_cast<Real>(bound * (2 * uniform() - 1));
  }
}

void Linear::Prepare(const TapeShape& shape, LayerTape& tape) const {
  PrepareActivation(activation_, output_size(), shape, tape);
  tape.scratch.resize(affine_.ScratchSize(shape));
}

void Linear::Evaluate(const Real* theta, const ConstMatrixRef& x, LayerTape&, MatrixRef y) const {
  affine_.Evaluate(theta, x, y);
  if (!activation_.is_identity) activation_.evaluate(y.data(), y.size());
}

void Linear::Forward(const Real* theta, const ConstMatrixRef& x, LayerTape& tape,
                     MatrixRef y) const {
  affine_.Evaluate(theta, x, y);
  Activate(activation_, tape, y);
}

void Linear::Reverse(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef dy,
                     const ParameterSink& sink, MatrixRef* dx, Index first_input) const {
  ReverseActivation(activation_, tape, dy);
  affine_.Reverse(theta, x, dy, sink, tape.scratch.data(), dx, first_input);
}

void Linear::Jvp(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                 const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef y_dot) const {
  affine_.Jvp(theta, theta_dot, x, x_dot, y_dot);
  TangentActivation(activation_, tape, y_dot);
}

void Linear::ReverseTangent(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                            const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef dy,
                            MatrixRef dy_dot, Real* dtheta_dot, MatrixRef* dx,
                            MatrixRef* dx_dot) const {
  ReverseTangentActivation(activation_, tape, dy, dy_dot);
  affine_.ReverseTangent(theta, theta_dot, x, x_dot, dy, dy_dot, dtheta_dot, tape.scratch.data(),
                         dx, dx_dot);
}

Elementwise::Elementwise(Index size, const Activation& activation)
    : Layer(size, size), activation_(activation) {}

LayerSpec Elementwise::Spec() const {
  return {.kind = "elementwise",
          .input_size = input_size(),
          .output_size = output_size(),
          .activation = activation_.name};
}

void Elementwise::Prepare(const TapeShape& shape, LayerTape& tape) const {
  PrepareActivation(activation_, output_size(), shape, tape);
}

void Elementwise::Evaluate(const Real*, const ConstMatrixRef& x, LayerTape&, MatrixRef y) const {
  y = x;
  activation_.evaluate(y.data(), y.size());
}

void Elementwise::Forward(const Real*, const ConstMatrixRef& x, LayerTape& tape,
                          MatrixRef y) const {
  y = x;
  Activate(activation_, tape, y);
}

void Elementwise::Reverse(const Real*, const ConstMatrixRef&, LayerTape& tape, MatrixRef dy,
                          const ParameterSink&, MatrixRef* dx, Index first_input) const {
  ReverseActivation(activation_, tape, dy);
  if (dx != nullptr) *dx = dy.middleRows(first_input, dx->rows());
}

void Elementwise::Jvp(const Real*, const Real*, const ConstMatrixRef&, const ConstMatrixRef* x_dot,
                      LayerTape& tape, MatrixRef y_dot) const {
  if (x_dot == nullptr) {
    y_dot.setZero();
  } else {
    y_dot = *x_dot;
  }
  TangentActivation(activation_, tape, y_dot);
}

void Elementwise::ReverseTangent(const Real*, const Real*, const ConstMatrixRef&,
                                 const ConstMatrixRef*, LayerTape& tape, MatrixRef dy,
                                 MatrixRef dy_dot, Real*, MatrixRef* dx, MatrixRef* dx_dot) const {
  ReverseTangentActivation(activation_, tape, dy, dy_dot);
  if (dx_dot == nullptr) return;
  *dx = dy;
  *dx_dot = dy_dot;
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
