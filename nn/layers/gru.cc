// GRU cell (Cho et al. 2014, in the form of cuDNN): one step of a gated recurrent unit as a layer
// [x; h] → h'.
//
//   r = σ(p_r + q_r),  z = σ(p_z + q_z),  n = tanh(p_n + r ∘ q_n),   p = W x + b,  q = U h + c
//   h' = (1 − z) ∘ n + z ∘ h
//
// Parameters in θ, with the gates in the order r, z, n (n_h = state size):
//   W [3 n_h, n_x], b [3 n_h], U [3 n_h, n_h], c [3 n_h]
#include <algorithm>
#include <cmath>

#include "nn/kernels/activation.h"
#include "nn/layers/affine.h"
#include "nn/layers/layers.h"
#include "nn/layers/value_tangent.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

// One unit of the cell: its gates, q_n, and the slopes of r, z and n at their arguments.
template <class T>
struct GruUnit {
  T r, z, n, qn, r_slope, z_slope, n_slope;
};

// The cotangents of one unit. Those of q_r and q_z equal those of p_r and p_z; h is the part that
// does not pass through the gates.
template <class T>
struct GruCotangents {
  T pr, pz, pn, qn, h;
};

// For the old state h and the cotangent dy of h'.
template <class T>
GruCotangents<T> ReverseGruUnit(const GruUnit<T>& unit, T h, T dy) {
  const T pn = dy * (Real(1) - unit.z) * unit.n_slope;
  const T pz = dy * (h - unit.n) * unit.z_slope;
  const T pr = pn * unit.qn * unit.r_slope;
  return {pr, pz, pn, pn * unit.r, dy * unit.z};
}

class Gru : public Layer {
 public:
  Gru(Index input_size, Index state_size)  // n_x, n_h
      : Layer(input_size + state_size, state_size),
        input_{.input = input_size, .output = 3 * state_size},
        state_{.input = state_size,
               .output = 3 * state_size,
               .first_row = input_size,
               .offset = input_.parameter_count()} {}

  LayerSpec Spec() const override {
    return {.kind = "gru", .input_size = input_size(), .output_size = output_size()};
  }

  std::vector<ParameterBlock> Parameters() const override {
    std::vector<ParameterBlock> blocks = input_.Parameters("input_");
    for (const ParameterBlock& block : state_.Parameters("state_")) blocks.push_back(block);
    return blocks;
  }

  void Initialize(const UniformSource& uniform, Real* theta) const override {
    FillUniform(uniform, 1 / std::sqrt(static_cast<double>(state_size())), parameter_count(),
                theta);
  }

  // cache = [r; z; n; q_n; slopes of r, z and n], cache_dot = tangents of [r; z; n; q_n],
  // work = [p; q] or their cotangents
  void Prepare(const TapeShape& shape, LayerTape& tape) const override {
    const Index n = state_size();
    tape.cache.resize(7 * n, shape.batch);
    tape.cache_dot.resize(shape.second_order ? 4 * n : 0, shape.batch);
    tape.work.resize(6 * n, shape.batch * shape.cotangents);
    tape.work_dot.resize(shape.tangent ? 6 * n : 0, shape.batch);
    tape.scratch.resize(std::max(input_.ScratchSize(shape), state_.ScratchSize(shape)));
  }

  void Forward(const Real* theta, const ConstMatrixRef& x, bool, LayerTape& tape,
               MatrixRef y) const override {
    static const Activation& sigmoid = FindActivation("sigmoid");
    static const Activation& tanh = FindActivation("tanh");
    const Index n = state_size(), batch = x.cols();
    auto work = tape.work.leftCols(batch);
    input_.Forward(theta, x, work.topRows(3 * n));
    state_.Forward(theta, x, work.bottomRows(3 * n));
    for (Index b = 0; b < batch; ++b) {
      const auto p = work.col(b).head(3 * n).array(), q = work.col(b).tail(3 * n).array();
      const auto h = x.col(b).tail(n).array();
      auto gate = tape.cache.col(b).head(4 * n).array();
      Real* slope = tape.cache.col(b).data() + 4 * n;
      gate.head(2 * n) = p.head(2 * n) + q.head(2 * n);
      sigmoid.forward(gate.data(), slope, 2 * n);
      gate.tail(n) = q.tail(n);
      auto candidate = gate.segment(2 * n, n);
      candidate = p.tail(n) + gate.head(n) * q.tail(n);
      tanh.forward(candidate.data(), slope + 2 * n, n);
      y.col(b).array() = candidate + gate.segment(n, n) * (h - candidate);
    }
  }

  void Reverse(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef dy,
               const ParameterSink& sink, MatrixRef* dx, Index first_input) const override {
    const Index n = state_size(), g = dy.cols() / x.cols();
    auto work = tape.work.leftCols(dy.cols());
    for (Index column = 0; column < dy.cols(); ++column) {
      const Real* gate = tape.cache.col(column / g).data();
      const Real* h = x.col(column / g).data() + input_.input;
      Real* dp = work.col(column).data();
      Real* dq = dp + 3 * n;
      for (Index i = 0; i < n; ++i) {
        const auto row = [&](Index k) { return gate[k * n + i]; };
        const auto d = ReverseGruUnit<Real>(
            {row(0), row(1), row(2), row(3), row(4), row(5), row(6)}, h[i], dy(i, column));
        dp[i] = dq[i] = d.pr;
        dp[n + i] = dq[n + i] = d.pz;
        dp[2 * n + i] = d.pn;
        dq[2 * n + i] = d.qn;
        dy(i, column) = d.h;
      }
    }
    Real* scratch = tape.scratch.data();
    input_.Reverse(theta, x, work.topRows(3 * n), sink, scratch, dx, first_input);
    state_.Reverse(theta, x, work.bottomRows(3 * n), sink, scratch, dx, first_input);
    if (dx == nullptr) return;
    const RowBlock rows = Intersection({first_input, dx->rows()}, {input_.input, n});
    if (rows.count == 0) return;
    dx->middleRows(rows.first - first_input, rows.count) +=
        dy.middleRows(rows.first - input_.input, rows.count);
  }

  void Jvp(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
           const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef y_dot) const override {
    const Index n = state_size();
    input_.Jvp(theta, theta_dot, x, x_dot, tape.work_dot.topRows(3 * n));
    state_.Jvp(theta, theta_dot, x, x_dot, tape.work_dot.bottomRows(3 * n));
    for (Index b = 0; b < x.cols(); ++b) {
      const auto gate = [&](Index k) { return tape.cache.col(b).segment(k * n, n).array(); };
      const auto r = gate(0), z = gate(1), candidate = gate(2), qn = gate(3);
      const auto r_slope = gate(4), z_slope = gate(5), n_slope = gate(6);
      const auto h = x.col(b).tail(n).array();
      auto p = [&](Index k) { return tape.work_dot.col(b).segment(k * n, n).array(); };
      p(0) = r_slope * (p(0) + p(3));                  // r_dot
      p(1) = z_slope * (p(1) + p(4));                  // z_dot
      p(2) = n_slope * (p(2) + p(0) * qn + r * p(5));  // n_dot
      p(3) = p(5);                                     // that of q_n
      auto y = y_dot.col(b).array();
      y = p(2) * (1 - z) + p(1) * (h - candidate);
      if (x_dot != nullptr) y += z * x_dot->col(b).tail(n).array();
    }
    if (tape.cache_dot.size() > 0) tape.cache_dot = tape.work_dot.topRows(4 * n);
  }

  void ReverseTangent(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                      const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef dy, MatrixRef dy_dot,
                      Real* dtheta_dot, MatrixRef* dx, MatrixRef* dx_dot) const override {
    const Index n = state_size();
    auto work = tape.work.leftCols(x.cols());
    for (Index b = 0; b < x.cols(); ++b) {
      const auto slope = tape.cache.col(b).tail(3 * n);
      for (Index i = 0; i < n; ++i) {
        const Index row = input_.input + i;
        const ValueTangent h = {x(row, b), x_dot == nullptr ? 0 : (*x_dot)(row, b)};
        const auto gate = [&](Index k) {
          return ValueTangent{tape.cache(k * n + i, b), tape.cache_dot(k * n + i, b)};
        };
        const auto d = ReverseGruUnit<ValueTangent>(
            {gate(0), gate(1), gate(2), gate(3), SigmoidSlope(slope[i], gate(0)),
             SigmoidSlope(slope[n + i], gate(1)), TanhSlope(slope[2 * n + i], gate(2))},
            h, {dy(i, b), dy_dot(i, b)});
        const ValueTangent rows[6] = {d.pr, d.pz, d.pn, d.pr, d.pz, d.qn};
        for (Index k = 0; k < 6; ++k) {
          work(k * n + i, b) = rows[k].value;
          tape.work_dot(k * n + i, b) = rows[k].dot;
        }
        dy(i, b) = d.h.value;
        dy_dot(i, b) = d.h.dot;
      }
    }
    input_.ReverseTangent(theta, theta_dot, x, x_dot, work.topRows(3 * n),
                          tape.work_dot.topRows(3 * n), dtheta_dot, dx, dx_dot);
    state_.ReverseTangent(theta, theta_dot, x, x_dot, work.bottomRows(3 * n),
                          tape.work_dot.bottomRows(3 * n), dtheta_dot, dx, dx_dot);
    if (dx_dot == nullptr) return;
    dx->bottomRows(n) += dy;
    dx_dot->bottomRows(n) += dy_dot;
  }

 private:
  Index state_size() const { return output_size(); }

  Affine input_;  // p
  Affine state_;  // q
};

}  // namespace

LayerKind GruKind() {
  return {"gru",
          "(1 - z) n + z h",
          [](const LayerSpec& spec) -> std::shared_ptr<const Layer> {
            return std::make_shared<Gru>(spec.input_size - spec.output_size, spec.output_size);
          },
          {{.kind = "gru", .input_size = 5, .output_size = 3}}};
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
