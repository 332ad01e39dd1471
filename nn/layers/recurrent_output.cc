// Recurrent output: y = [g(x_1 … x_k); x], the output layers g of a recurrent network on the first
// k inputs, followed by the unchanged input. Behind a recurrent cell x is the cell's new state, so
// that y holds the network's output and its next state (nn/recurrent/recurrent.h).
//
// Parameters in θ: those of the inner layers in order, named "<layer>.<block>".
#include <stdexcept>

#include "nn/layers/layers.h"
#include "nn/layers/sequence.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

class RecurrentOutput : public Layer {
 public:
  RecurrentOutput(Index input_size, const Sequence& inner)
      : Layer(input_size, inner.output_size() + input_size), inner_(inner) {
    if (inner_.input_size() > input_size) {
      throw std::invalid_argument(Description() + ": the inner layers read " +
                                  std::to_string(inner_.input_size()) + " of " +
                                  std::to_string(input_size) + " inputs");
    }
  }

  LayerSpec Spec() const override {
    return {.kind = "recurrent_output",
            .input_size = input_size(),
            .output_size = output_size(),
            .inner = inner_.Specs()};
  }
  std::vector<ParameterBlock> Parameters() const override { return inner_.Parameters(); }
  void Initialize(const UniformSource& uniform, Real* theta) const override {
    inner_.Initialize(uniform, theta);
  }

  // work = ∂E/∂x of the inner layers, work_dot its tangent
  void Prepare(const TapeShape& shape, LayerTape& tape) const override {
    inner_.Prepare(shape, tape.inner);
    tape.work.resize(inner_.input_size(), shape.batch * shape.cotangents);
    tape.work_dot.resize(shape.second_order ? inner_.input_size() : 0, shape.batch);
  }

  void Forward(const Real* theta, const ConstMatrixRef& x, bool keep, LayerTape& tape,
               MatrixRef y) const override {
    inner_.Forward(theta, Read(x), keep, tape.inner);
    y.topRows(inner_.output_size()) = tape.inner.back().output;
    y.bottomRows(input_size()) = x;
  }

  void Reverse(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef dy,
               const ParameterSink& sink, MatrixRef* dx, Index first_input) const override {
    MatrixRef dread = tape.work.leftCols(dy.cols());
    tape.inner.back().cotangent.leftCols(dy.cols()) = dy.topRows(inner_.output_size());
    inner_.Reverse(theta, Read(x), tape.inner, dy.cols() / x.cols(), sink,
                   dx == nullptr ? nullptr : &dread, 0);
    if (dx == nullptr) return;
    *dx = dy.middleRows(inner_.output_size() + first_input, dx->rows());
    const RowBlock rows = Intersection({0, dread.rows()}, {first_input, dx->rows()});
    if (rows.count > 0) dx->topRows(rows.count) += dread.middleRows(rows.first, rows.count);
  }

  void Jvp(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
           const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef y_dot) const override {
    const ConstMatrixRef read_dot = Read(x_dot == nullptr ? x : *x_dot);
    inner_.Jvp(theta, theta_dot, Read(x), x_dot == nullptr ? nullptr : &read_dot, tape.inner);
    y_dot.topRows(inner_.output_size()) = tape.inner.back().tangent;
    if (x_dot == nullptr) {
      y_dot.bottomRows(input_size()).setZero();
    } else {
      y_dot.bottomRows(input_size()) = *x_dot;
    }
  }

  void ReverseTangent(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                      const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef dy, MatrixRef dy_dot,
                      Real* dtheta_dot, MatrixRef* dx, MatrixRef* dx_dot) const override {
    MatrixRef dread = tape.work.leftCols(dy.cols()), dread_dot = tape.work_dot;
    const bool want_dx = dx_dot != nullptr;
    tape.inner.back().cotangent.leftCols(dy.cols()) = dy.topRows(inner_.output_size());
    tape.inner.back().cotangent_dot = dy_dot.topRows(inner_.output_size());
    const ConstMatrixRef read_dot = Read(x_dot == nullptr ? x : *x_dot);
    inner_.ReverseTangent(theta, theta_dot, Read(x), x_dot == nullptr ? nullptr : &read_dot,
                          tape.inner, dtheta_dot, want_dx ? &dread : nullptr,
                          want_dx ? &dread_dot : nullptr);
    if (!want_dx) return;
    *dx = dy.bottomRows(input_size());
    *dx_dot = dy_dot.bottomRows(input_size());
    dx->topRows(dread.rows()) += dread;
    dx_dot->topRows(dread.rows()) += dread_dot;
  }

 private:
  ConstMatrixRef Read(const ConstMatrixRef& x) const { return x.topRows(inner_.input_size()); }

  Sequence inner_;
};

}  // namespace

LayerKind RecurrentOutputKind() {
  const auto linear = [](Index in, Index out, std::string activation) -> LayerSpec {
    return {"linear", in, out, std::move(activation), {}};
  };
  return {"recurrent_output",
          "[g(x_1..k); x]",
          [](const LayerSpec& spec) -> std::shared_ptr<const Layer> {
            return std::make_shared<RecurrentOutput>(spec.input_size,
                                                     Sequence(MakeLayers(spec.inner)));
          },
          {{"recurrent_output", 5, 7, "", {linear(3, 4, "tanh"), linear(4, 2, "silu")}},
           {"recurrent_output", 3, 4, "", {linear(3, 1, "identity")}}}};
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
