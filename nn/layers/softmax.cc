// Softmax over the outputs of each sample: y_i = exp(x_i) / Σ_j exp(x_j). No parameters.
//
// Its Jacobian is full and symmetric, ∂y/∂x = diag(y) − y yᵀ, so forward and reverse mode are the
// same map u → y ∘ (u − yᵀu).
#include "nn/kernels/elementary.h"
#include "nn/kernels/gemm.h"
#include "nn/layers/layers.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

class Softmax : public Layer {
 public:
  explicit Softmax(Index size) : Layer(size, size) {}

  LayerSpec Spec() const override {
    return {.kind = "softmax", .input_size = input_size(), .output_size = output_size()};
  }

  // cache = y, cache_dot = y_dot
  void Prepare(const TapeShape& shape, LayerTape& tape) const override {
    tape.cache.resize(output_size(), shape.batch);
    tape.cache_dot.resize(shape.second_order ? output_size() : 0, shape.batch);
  }

  void Forward(const Real*, const ConstMatrixRef& x, bool keep, LayerTape& tape,
               MatrixRef y) const override {
    for (Index b = 0; b < x.cols(); ++b) {
      const Real largest = x.col(b).maxCoeff();  // so that exp cannot overflow
      Real* column = y.col(b).data();
      for (Index i = 0; i < x.rows(); ++i) column[i] = elementary::Exp(x(i, b) - largest);
      y.col(b) /= Sum(column, y.rows());
    }
    if (keep) tape.cache = y;
  }

  void Reverse(const Real*, const ConstMatrixRef& x, LayerTape& tape, MatrixRef dy,
               const ParameterSink&, MatrixRef* dx, Index first_input) const override {
    const Index g = dy.cols() / x.cols();
    for (Index r = 0; r < dy.cols(); ++r) Differentiate(tape.cache.col(r / g), dy.col(r));
    if (dx != nullptr) *dx = dy.middleRows(first_input, dx->rows());
  }

  void Jvp(const Real*, const Real*, const ConstMatrixRef&, const ConstMatrixRef* x_dot,
           LayerTape& tape, MatrixRef y_dot) const override {
    if (x_dot == nullptr) {
      y_dot.setZero();
    } else {
      y_dot = *x_dot;
      for (Index b = 0; b < y_dot.cols(); ++b) Differentiate(tape.cache.col(b), y_dot.col(b));
    }
    if (tape.cache_dot.size() > 0) tape.cache_dot = y_dot;
  }

  void ReverseTangent(const Real*, const Real*, const ConstMatrixRef&, const ConstMatrixRef*,
                      LayerTape& tape, MatrixRef dy, MatrixRef dy_dot, Real*, MatrixRef* dx,
                      MatrixRef* dx_dot) const override {
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

 private:
  // u ← y ∘ (u − yᵀu)
  template <class Column>
  static void Differentiate(const ConstVectorRef& y, Column u) {
    const Real along = y.dot(u);
    u.array() = y.array() * (u.array() - along);
  }
};

}  // namespace

LayerKind SoftmaxKind() {
  return {"softmax",
          "exp(x_i) / sum_j exp(x_j)",
          [](const LayerSpec& spec) -> std::shared_ptr<const Layer> {
            return std::make_shared<Softmax>(spec.input_size);
          },
          {{.kind = "softmax", .input_size = 4, .output_size = 4}}};
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
