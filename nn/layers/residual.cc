// Residual block (He et al. 2016): y = x + g(x), with g a sequence of layers that has as many
// outputs as inputs. Every derivative gains the term of the skip connection: ∂y/∂x = I + ∂g/∂x.
//
// Parameters in θ: those of the inner layers in order, named "<layer>.<block>".
#include <stdexcept>

#include "nn/layers/layers.h"
#include "nn/layers/sequence.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

class Residual : public Layer {
 public:
  explicit Residual(const Sequence& inner)
      : Layer(inner.input_size(), inner.output_size()), inner_(inner) {
    if (input_size() != output_size()) {
      throw std::invalid_argument(Description() + ": y = x + g(x) needs as many outputs as inputs");
    }
  }

  LayerSpec Spec() const override {
    return {.kind = "residual",
            .input_size = input_size(),
            .output_size = output_size(),
            .inner = inner_.Specs()};
  }
  std::vector<ParameterBlock> Parameters() const override { return inner_.Parameters(); }
  void Initialize(const UniformSource& uniform, Real* theta) const override {
    inner_.Initialize(uniform, theta);
  }

  void Prepare(const TapeShape& shape, LayerTape& tape) const override {
    inner_.Prepare(shape, tape.inner);
  }

  void Forward(const Real* theta, const ConstMatrixRef& x, bool keep, LayerTape& tape,
               MatrixRef y) const override {
    inner_.Forward(theta, x, keep, tape.inner);
    y = x + tape.inner.back().output;
  }

  void Reverse(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef dy,
               const ParameterSink& sink, MatrixRef* dx, Index first_input) const override {
    tape.inner.back().cotangent.leftCols(dy.cols()) = dy;
    inner_.Reverse(theta, x, tape.inner, dy.cols() / x.cols(), sink, dx, first_input);
    if (dx != nullptr) *dx += dy.middleRows(first_input, dx->rows());
  }

  void Jvp(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
           const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef y_dot) const override {
    inner_.Jvp(theta, theta_dot, x, x_dot, tape.inner);
    y_dot = tape.inner.back().tangent;
    if (x_dot != nullptr) y_dot += *x_dot;
  }

  void ReverseTangent(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                      const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef dy, MatrixRef dy_dot,
                      Real* dtheta_dot, MatrixRef* dx, MatrixRef* dx_dot) const override {
    tape.inner.back().cotangent.leftCols(dy.cols()) = dy;
    tape.inner.back().cotangent_dot = dy_dot;
    inner_.ReverseTangent(theta, theta_dot, x, x_dot, tape.inner, dtheta_dot, dx, dx_dot);
    if (dx_dot == nullptr) return;
    *dx += dy;
    *dx_dot += dy_dot;
  }

 private:
  Sequence inner_;
};

}  // namespace

LayerKind ResidualKind() {
  const auto linear = [](Index in, Index out, std::string activation) -> LayerSpec {
    return {"linear", in, out, std::move(activation), {}};
  };
  const LayerSpec nested = {
      "residual", 3, 3, "", {{"layer_norm", 3, 3, "", {}}, linear(3, 3, "tanh")}};
  return {"residual",
          "x + g(x)",
          [](const LayerSpec& spec) -> std::shared_ptr<const Layer> {
            return std::make_shared<Residual>(Sequence(MakeLayers(spec.inner)));
          },
          {{"residual", 4, 4, "", {linear(4, 6, "tanh"), linear(6, 4, "silu")}},
           {"residual", 3, 3, "", {linear(3, 3, "sin"), nested}}}};
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
