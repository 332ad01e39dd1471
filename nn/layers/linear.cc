// Linear layer: a = f(v), v = W x + b.
//
// Parameters in θ: W [output_size, input_size] column-major, then b [output_size].
#include <cmath>

#include "nn/layers/affine.h"
#include "nn/layers/layers.h"
#include "nn/layers/pointwise.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

class Linear : public Layer {
 public:
  Linear(Index input_size, Index output_size, const Activation& activation)
      : Layer(input_size, output_size),
        affine_{.input = input_size, .output = output_size},
        activation_{activation} {}

  LayerSpec Spec() const override {
    return {.kind = "linear",
            .input_size = input_size(),
            .output_size = output_size(),
            .activation = activation_.f.name};
  }
  std::vector<ParameterBlock> Parameters() const override { return affine_.Parameters(); }

  // Weights and biases uniform in ±1/√input_size (LeCun et al. 1998; the default of PyTorch).
  void Initialize(const UniformSource& uniform, Real* theta) const override {
    FillUniform(uniform, 1 / std::sqrt(static_cast<double>(input_size())),
                affine_.parameter_count(), theta);
  }

  void Prepare(const TapeShape& shape, LayerTape& tape) const override {
    activation_.Prepare(output_size(), shape, tape);
    tape.scratch.resize(affine_.ScratchSize(shape));
  }

  void Forward(const Real* theta, const ConstMatrixRef& x, bool keep, LayerTape& tape,
               MatrixRef y) const override {
    affine_.Forward(theta, x, y);
    activation_.Forward(keep, tape, y);
  }

  void Reverse(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef dy,
               const ParameterSink& sink, MatrixRef* dx, Index first_input) const override {
    activation_.Reverse(tape, dy);
    affine_.Reverse(theta, x, dy, sink, tape.scratch.data(), dx, first_input);
  }

  void Jvp(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
           const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef y_dot) const override {
    affine_.Jvp(theta, theta_dot, x, x_dot, y_dot);
    activation_.Jvp(tape, y_dot);
  }

  void ReverseTangent(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                      const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef dy, MatrixRef dy_dot,
                      Real* dtheta_dot, MatrixRef* dx, MatrixRef* dx_dot) const override {
    activation_.ReverseTangent(tape, dy, dy_dot);
    affine_.ReverseTangent(theta, theta_dot, x, x_dot, dy, dy_dot, dtheta_dot, dx, dx_dot);
  }

 private:
  Affine affine_;
  Pointwise activation_;
};

}  // namespace

LayerKind LinearKind() {
  return {"linear", "f(W x + b)",
          [](const LayerSpec& spec) -> std::shared_ptr<const Layer> {
            return std::make_shared<Linear>(spec.input_size, spec.output_size,
                                            FindActivation(spec.activation));
          },
          WithEveryActivation({.kind = "linear", .input_size = 4, .output_size = 3})};
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
