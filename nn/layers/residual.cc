#include "nn/layers/residual.h"

#include <stdexcept>

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

Residual::Residual(LayerList inner)
    : Layer(inner.empty() ? 0 : inner.front()->input_size(),
            inner.empty() ? 0 : inner.back()->output_size()),
      inner_(input_size(), std::move(inner)) {
  if (input_size() != output_size()) {
    throw std::invalid_argument(Description() + ": y = x + g(x) needs as many outputs as inputs");
  }
}

LayerSpec Residual::Spec() const {
  return {.kind = "residual",
          .input_size = input_size(),
          .output_size = output_size(),
          .inner = inner_.Specs()};
}

std::vector<ParameterBlock> Residual::Parameters() const { return inner_.Parameters(); }

void Residual::Initialize(const UniformSource& uniform, Real* theta) const {
  inner_.Initialize(uniform, theta);
}

void Residual::Prepare(const TapeShape& shape, LayerTape& tape) const {
  inner_.Prepare(shape, tape.inner);
}

void Residual::Evaluate(const Real* theta, const ConstMatrixRef& x, LayerTape& tape,
                        MatrixRef y) const {
  inner_.Evaluate(theta, x, tape.inner);
  y = x + tape.inner.back().output;
}

void Residual::Forward(const Real* theta, const ConstMatrixRef& x, LayerTape& tape,
                       MatrixRef y) const {
  inner_.Forward(theta, x, tape.inner);
  y = x + tape.inner.back().output;
}

void Residual::Reverse(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef dy,
                       const ParameterSink& sink, MatrixRef* dx, Index first_input) const {
  tape.inner.back().cotangent.leftCols(dy.cols()) = dy;
  inner_.Reverse(theta, x, tape.inner, dy.cols() / x.cols(), sink, dx, first_input);
  if (dx != nullptr) *dx += dy.middleRows(first_input, dx->rows());
}

void Residual::Jvp(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                   const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef y_dot) const {
  inner_.Jvp(theta, theta_dot, x, x_dot, tape.inner);
  y_dot = tape.inner.back().tangent;
  if (x_dot != nullptr) y_dot += *x_dot;
}

void Residual::ReverseTangent(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                              const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef dy,
                              MatrixRef dy_dot, Real* dtheta_dot, MatrixRef* dx,
                              MatrixRef* dx_dot) const {
  tape.inner.back().cotangent.leftCols(dy.cols()) = dy;
  tape.inner.back().cotangent_dot = dy_dot;
  inner_.ReverseTangent(theta, theta_dot, x, x_dot, tape.inner, dtheta_dot, dx, dx_dot);
  if (dx_dot == nullptr) return;
  *dx += dy;
  *dx_dot += dy_dot;
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
