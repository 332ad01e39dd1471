#include "nn/layers/softmax.h"

#include "nn/kernels/elementary.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

LayerSpec Softmax::Spec() const {
  return {.kind = "softmax", .input_size = input_size(), .output_size = output_size()};
}

// cache = y, cache_dot = y_dot
void Softmax::Prepare(const TapeShape& shape, LayerTape& tape) const {
  tape.cache.resize(output_size(), shape.batch);
  tape.cache_dot.resize(shape.second_order ? output_size() : 0, shape.batch);
}

void Softmax::Evaluate(const Real*, const ConstMatrixRef& x, LayerTape&, MatrixRef y) const {
  for (Index b = 0; b < x.cols(); ++b) {
    const Real largest = x.col(b).maxCoeff();  // exp cannot overflow
    Real* column = y.col(b).data();
    for (Index i = 0; i < x.rows(); ++i) column[i] = elementary::Exp(x(i, b) - largest);
    y.col(b) /= y.col(b).sum();
  }
}

void Softmax::Forward(const Real* theta, const ConstMatrixRef& x, LayerTape& tape,
                      MatrixRef y) const {
  Evaluate(theta, x, tape, y);
  tape.cache = y;
}

void Softmax::Reverse(const Real*, const ConstMatrixRef& x, LayerTape& tape, MatrixRef dy,
                      const ParameterSink&, MatrixRef* dx, Index first_input) const {
  const Index g = dy.cols() / x.cols();
  for (Index r = 0; r < dy.cols(); ++r) {
    const auto y = tape.cache.col(r / g);
    const Real along = y.dot(dy.col(r));
    dy.col(r).array() = y.array() * (dy.col(r).array() - along);
  }
  if (dx != nullptr) *dx = dy.middleRows(first_input, dx->rows());
}

void Softmax::Jvp(const Real*, const Real*, const ConstMatrixRef&, const ConstMatrixRef* x_dot,
                  LayerTape& tape, MatrixRef y_dot) const {
  if (x_dot == nullptr) {
    y_dot.setZero();
  } else {
    for (Index b = 0; b < y_dot.cols(); ++b) {
      const auto y = tape.cache.col(b);
      const Real along = y.dot(x_dot->col(b));
      y_dot.col(b).array() = y.array() * (x_dot->col(b).array() - along);
    }
  }
  if (tape.cache_dot.size() > 0) tape.cache_dot = y_dot;
}

void Softmax::ReverseTangent(const Real*, const Real*, const ConstMatrixRef&, const ConstMatrixRef*,
                             LayerTape& tape, MatrixRef dy, MatrixRef dy_dot, Real*, MatrixRef* dx,
                             MatrixRef* dx_dot) const {
  if (dx_dot == nullptr) return;
  for (Index b = 0; b < dy.cols(); ++b) {
    const auto y = tape.cache.col(b), y_dot = tape.cache_dot.col(b);
    const Real along = y.dot(dy.col(b));
    const Real along_dot = y_dot.dot(dy.col(b)) + y.dot(dy_dot.col(b));
    dx->col(b).array() = y.array() * (dy.col(b).array() - along);
    dx_dot->col(b).array() = y_dot.array() * (dy.col(b).array() - along) +
                             y.array() * (dy_dot.col(b).array() - along_dot);
  }
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
