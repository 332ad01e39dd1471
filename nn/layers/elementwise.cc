// Elementwise layer: an activation alone, y = f(x), for example after a LayerNorm. No parameters.
#include "nn/layers/layers.h"
#include "nn/layers/pointwise.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

class Elementwise : public Layer {
 public:
  Elementwise(Index size, const Activation& activation)
      : Layer(size, size), activation_{activation} {}

  LayerSpec Spec() const override {
    return {.kind = "elementwise",
            .input_size = input_size(),
            .output_size = output_size(),
            .activation = activation_.f.name};
  }

  void Prepare(const TapeShape& shape, LayerTape& tape) const override {
    activation_.Prepare(output_size(), shape, tape);
  }

  void Forward(const Real*, const ConstMatrixRef& x, bool keep, LayerTape& tape,
               MatrixRef y) const override {
    y = x;
    activation_.Forward(keep, tape, y);
  }

  void Reverse(const Real*, const ConstMatrixRef&, LayerTape& tape, MatrixRef dy,
               const ParameterSink&, MatrixRef* dx, Index first_input) const override {
    activation_.Reverse(tape, dy);
    if (dx != nullptr) *dx = dy.middleRows(first_input, dx->rows());
  }

  void Jvp(const Real*, const Real*, const ConstMatrixRef&, const ConstMatrixRef* x_dot,
           LayerTape& tape, MatrixRef y_dot) const override {
    if (x_dot == nullptr) {
      y_dot.setZero();
    } else {
      y_dot = *x_dot;
    }
    activation_.Jvp(tape, y_dot);
  }

  void ReverseTangent(const Real*, const Real*, const ConstMatrixRef&, const ConstMatrixRef*,
                      LayerTape& tape, MatrixRef dy, MatrixRef dy_dot, Real*, MatrixRef* dx,
                      MatrixRef* dx_dot) const override {
    activation_.ReverseTangent(tape, dy, dy_dot);
    if (dx_dot == nullptr) return;
    *dx = dy;
    *dx_dot = dy_dot;
  }

 private:
  Pointwise activation_;
};

}  // namespace

LayerKind ElementwiseKind() {
  return {"elementwise", "f(x)",
          [](const LayerSpec& spec) -> std::shared_ptr<const Layer> {
            return std::make_shared<Elementwise>(spec.input_size, FindActivation(spec.activation));
          },
          WithEveryActivation({.kind = "elementwise", .input_size = 5, .output_size = 5})};
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
