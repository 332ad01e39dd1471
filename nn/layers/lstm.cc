// LSTM cell (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000): one step as
// a layer [x; h; c] → [h'; c'].
//
//   [i; f; g; o] = [σ; σ; tanh; σ](W [x; h] + b)
//   c' = f ∘ c + i ∘ g,   h' = o ∘ tanh c'
//
// Parameters in θ, with the gates in the order i, f, g, o (n_h = cell size):
//   W [4 n_h, n_x + n_h], b [4 n_h]
#include <cmath>

#include "nn/kernels/activation.h"
#include "nn/layers/affine.h"
#include "nn/layers/layers.h"
#include "nn/layers/value_tangent.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

// One number for each gate and for t = tanh c'.
template <class T>
struct LstmUnit {
  T i, f, g, o, t;
};

// The cotangents of the four gates' arguments and of c.
template <class T>
struct LstmCotangents {
  T i, f, g, o, c;
};

// For the old cell c and the cotangents dh, dc_next of h', c'.
template <class T>
LstmCotangents<T> ReverseLstmUnit(const LstmUnit<T>& value, const LstmUnit<T>& slope, T c, T dh,
                                  T dc_next) {
  const T dc = dc_next + dh * value.o * slope.t;
  return {dc * value.g * slope.i, dc * c * slope.f, dc * value.i * slope.g, dh * value.t * slope.o,
          dc * value.f};
}

class Lstm : public Layer {
 public:
  Lstm(Index input_size, Index cell_size)  // n_x, n_h
      : Layer(input_size + 2 * cell_size, 2 * cell_size),
        gates_{.input = input_size + cell_size, .output = 4 * cell_size} {}

  LayerSpec Spec() const override {
    return {.kind = "lstm", .input_size = input_size(), .output_size = output_size()};
  }
  std::vector<ParameterBlock> Parameters() const override { return gates_.Parameters(); }

  void Initialize(const UniformSource& uniform, Real* theta) const override {
    const Index n = cell_size();
    FillUniform(uniform, 1 / std::sqrt(static_cast<double>(n)), parameter_count(), theta);
    // Forget gates start open, so that the cell remembers (Gers et al. 2000).
    Real* bias = theta + gates_.output * gates_.input;
    for (Index i = 0; i < n; ++i) bias[n + i] += 1;
  }

  // cache = [i; f; g; o; tanh c'; their slopes], cache_dot = tangents of the first five,
  // work = cotangents of the gates' arguments
  void Prepare(const TapeShape& shape, LayerTape& tape) const override {
    const Index n = cell_size();
    tape.cache.resize(10 * n, shape.batch);
    tape.cache_dot.resize(shape.second_order ? 5 * n : 0, shape.batch);
    tape.work.resize(4 * n, shape.batch * shape.cotangents);
    tape.work_dot.resize(shape.tangent ? 4 * n : 0, shape.batch);
    tape.scratch.resize(gates_.ScratchSize(shape));
  }

  void Forward(const Real* theta, const ConstMatrixRef& x, bool, LayerTape& tape,
               MatrixRef y) const override {
    static const Activation& sigmoid = FindActivation("sigmoid");
    static const Activation& tanh = FindActivation("tanh");
    const Index n = cell_size();
    gates_.Forward(theta, x, tape.cache.topRows(4 * n));
    for (Index b = 0; b < x.cols(); ++b) {
      const auto gate = [&](Index k) { return tape.cache.col(b).segment(k * n, n).array(); };
      auto tanh_cell = gate(4);
      Real* slope = tape.cache.col(b).data() + 5 * n;
      sigmoid.forward(gate(0).data(), slope, 2 * n);
      tanh.forward(gate(2).data(), slope + 2 * n, n);
      sigmoid.forward(gate(3).data(), slope + 3 * n, n);
      y.col(b).tail(n).array() = gate(1) * x.col(b).tail(n).array() + gate(0) * gate(2);
      tanh_cell = y.col(b).tail(n).array();
      tanh.forward(tanh_cell.data(), slope + 4 * n, n);
      y.col(b).head(n).array() = gate(3) * tanh_cell;
    }
  }

  void Reverse(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef dy,
               const ParameterSink& sink, MatrixRef* dx, Index first_input) const override {
    const Index n = cell_size(), g = dy.cols() / x.cols();
    auto work = tape.work.leftCols(dy.cols());
    for (Index column = 0; column < dy.cols(); ++column) {
      const Real* gate = tape.cache.col(column / g).data();
      const Real* c = x.col(column / g).data() + gates_.input;
      Real* dv = work.col(column).data();
      for (Index k = 0; k < n; ++k) {
        const auto row = [&](Index r) { return gate[r * n + k]; };
        const auto d = ReverseLstmUnit<Real>({row(0), row(1), row(2), row(3), row(4)},
                                             {row(5), row(6), row(7), row(8), row(9)}, c[k],
                                             dy(k, column), dy(n + k, column));
        dv[k] = d.i;
        dv[n + k] = d.f;
        dv[2 * n + k] = d.g;
        dv[3 * n + k] = d.o;
        dy(n + k, column) = d.c;
      }
    }
    gates_.Reverse(theta, x, work, sink, tape.scratch.data(), dx, first_input);
    if (dx == nullptr) return;
    const RowBlock rows = Intersection({first_input, dx->rows()}, {gates_.input, n});
    if (rows.count == 0) return;
    dx->middleRows(rows.first - first_input, rows.count) =
        dy.middleRows(n + rows.first - gates_.input, rows.count);
  }

  void Jvp(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
           const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef y_dot) const override {
    const Index n = cell_size();
    gates_.Jvp(theta, theta_dot, x, x_dot, tape.work_dot);
    for (Index b = 0; b < x.cols(); ++b) {
      const auto gate = [&](Index k) { return tape.cache.col(b).segment(k * n, n).array(); };
      const auto i = gate(0), f = gate(1), g = gate(2), o = gate(3), t = gate(4);
      const auto t_slope = gate(9);
      auto v = [&](Index k) { return tape.work_dot.col(b).segment(k * n, n).array(); };
      tape.work_dot.col(b).array() *= tape.cache.col(b).segment(5 * n, 4 * n).array();
      auto h_dot = y_dot.col(b).head(n).array(), c_dot = y_dot.col(b).tail(n).array();
      c_dot = v(1) * x.col(b).tail(n).array() + v(0) * g + i * v(2);
      if (x_dot != nullptr) c_dot += f * x_dot->col(b).tail(n).array();
      h_dot = v(3) * t + o * t_slope * c_dot;
      if (tape.cache_dot.size() > 0) {
        tape.cache_dot.col(b).head(4 * n) = tape.work_dot.col(b);
        tape.cache_dot.col(b).tail(n).array() = t_slope * c_dot;
      }
    }
  }

  void ReverseTangent(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                      const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef dy, MatrixRef dy_dot,
                      Real* dtheta_dot, MatrixRef* dx, MatrixRef* dx_dot) const override {
    const Index n = cell_size();
    auto work = tape.work.leftCols(x.cols());
    for (Index b = 0; b < x.cols(); ++b) {
      const auto slope = tape.cache.col(b).tail(5 * n);
      for (Index k = 0; k < n; ++k) {
        const Index row = gates_.input + k;
        const ValueTangent c = {x(row, b), x_dot == nullptr ? 0 : (*x_dot)(row, b)};
        const auto gate = [&](Index r) {
          return ValueTangent{tape.cache(r * n + k, b), tape.cache_dot(r * n + k, b)};
        };
        const auto d = ReverseLstmUnit<ValueTangent>(
            {gate(0), gate(1), gate(2), gate(3), gate(4)},
            {SigmoidSlope(slope[k], gate(0)), SigmoidSlope(slope[n + k], gate(1)),
             TanhSlope(slope[2 * n + k], gate(2)), SigmoidSlope(slope[3 * n + k], gate(3)),
             TanhSlope(slope[4 * n + k], gate(4))},
            c, {dy(k, b), dy_dot(k, b)}, {dy(n + k, b), dy_dot(n + k, b)});
        const ValueTangent rows[4] = {d.i, d.f, d.g, d.o};
        for (Index r = 0; r < 4; ++r) {
          work(r * n + k, b) = rows[r].value;
          tape.work_dot(r * n + k, b) = rows[r].dot;
        }
        dy(n + k, b) = d.c.value;
        dy_dot(n + k, b) = d.c.dot;
      }
    }
    gates_.ReverseTangent(theta, theta_dot, x, x_dot, work, tape.work_dot, dtheta_dot, dx, dx_dot);
    if (dx_dot == nullptr) return;
    dx->bottomRows(n) = dy.bottomRows(n);
    dx_dot->bottomRows(n) = dy_dot.bottomRows(n);
  }

 private:
  Index cell_size() const { return output_size() / 2; }

  Affine gates_;
};

}  // namespace

LayerKind LstmKind() {
  return {"lstm",
          "c' = f c + i g, h' = o tanh c'",
          [](const LayerSpec& spec) -> std::shared_ptr<const Layer> {
            return std::make_shared<Lstm>(spec.input_size - spec.output_size, spec.output_size / 2);
          },
          {{.kind = "lstm", .input_size = 8, .output_size = 6}}};
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
