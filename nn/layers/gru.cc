#include "nn/layers/gru.h"

#include <algorithm>
#include <cmath>

#include "nn/kernels/activation.h"
#include "nn/layers/dual.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

// Cotangents of one unit, from that of h'. p_r and q_r have the same, and so have p_z and q_z.
template <class T>
struct GruCotangents {
  T pr, pz, pn, qn, h;
};

template <class T>
GruCotangents<T> ReverseGruUnit(T r, T z, T n, T qn, T h, T dy) {
  const T pn = dy * (Real(1) - z) * (Real(1) - n * n);
  const T pz = dy * (h - n) * z * (Real(1) - z);
  const T pr = pn * qn * r * (Real(1) - r);
  return {pr, pz, pn, pn * r, dy * z};
}

// The part of rows first … first + count − 1 that lies in begin … end − 1.
struct Overlap {
  Index first;  // from begin
  Index count;
  Index at;  // from first

  Overlap(Index first_row, Index rows, Index begin, Index end)
      : first(std::max(first_row, begin) - begin),
        count(std::max<Index>(0, std::min(first_row + rows, end) - std::max(first_row, begin))),
        at(std::max(first_row, begin) - first_row) {}
};

}  // namespace

Gru::Gru(Index input_size, Index state_size)
    : Layer(input_size + state_size, state_size),
      input_{input_size, 3 * state_size},
      state_{state_size, 3 * state_size} {}

LayerSpec Gru::Spec() const {
  return {.kind = "gru", .input_size = input_size(), .output_size = output_size()};
}

std::vector<ParameterBlock> Gru::Parameters() const {
  const Index gates = input_.output, second = input_.parameter_count();
  return {{"input_weight", 0, gates, input_.input},
          {"input_bias", gates * input_.input, gates, 1},
          {"state_weight", second, gates, state_.input},
          {"state_bias", second + gates * state_.input, gates, 1}};
}

void Gru::Initialize(const UniformSource& uniform, Real* theta) const {
  const double bound = 1 / std::sqrt(static_cast<double>(state_size()));
  for (Index i = 0; i < parameter_count(); ++i) {
    theta[i] = static_cast<Real>(bound * (2 * uniform() - 1));
  }
}

void Gru::Prepare(const TapeShape& shape, LayerTape& tape) const {
  const Index n = state_size(), columns = shape.batch * shape.cotangents;
  tape.cache.resize(4 * n, shape.batch);
  tape.cache_dot.resize(shape.second_order ? 4 * n : 0, shape.batch);
  tape.work.resize(6 * n, columns);  // [p; q] or their cotangents
  tape.work_dot.resize(shape.tangent || shape.second_order ? 6 * n : 0, shape.batch);
  tape.scratch.resize(std::max(input_.ScratchSize(shape), state_.ScratchSize(shape)));
}

void Gru::Gates(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef y) const {
  const Index n = state_size(), batch = x.cols();
  auto work = tape.work.leftCols(batch);
  input_.Evaluate(theta, x.topRows(input_.input), work.topRows(3 * n));
  state_.Evaluate(theta + input_.parameter_count(), x.bottomRows(n), work.bottomRows(3 * n));
  static const Activation& sigmoid = FindActivation("sigmoid");
  static const Activation& tanh = FindActivation("tanh");
  for (Index b = 0; b < batch; ++b) {
    const auto p = work.col(b).head(3 * n).array(), q = work.col(b).tail(3 * n).array();
    const auto h = x.col(b).tail(n).array();
    auto gate = tape.cache.col(b).array();  // [r; z; n; q_n]
    gate.head(2 * n) = p.head(2 * n) + q.head(2 * n);
    sigmoid.evaluate(gate.data(), 2 * n);
    gate.tail(n) = q.tail(n);
    auto candidate = gate.segment(2 * n, n);
    candidate = p.tail(n) + gate.head(n) * q.tail(n);
    tanh.evaluate(candidate.data(), n);
    y.col(b).array() = candidate + gate.segment(n, n) * (h - candidate);
  }
}

void Gru::Evaluate(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef y) const {
  Gates(theta, x, tape, y);
}

void Gru::Forward(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef y) const {
  Gates(theta, x, tape, y);
}

void Gru::Reverse(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef dy,
                  const ParameterSink& sink, MatrixRef* dx, Index first_input) const {
  const Index n = state_size(), g = dy.cols() / x.cols(), second = input_.parameter_count();
  auto work = tape.work.leftCols(dy.cols());
  for (Index column = 0; column < dy.cols(); ++column) {
    const Real* gate = tape.cache.col(column / g).data();
    const Real* h = x.col(column / g).data() + input_.input;
    Real* dp = work.col(column).data();
    Real* dq = dp + 3 * n;
    for (Index i = 0; i < n; ++i) {
      const auto d = ReverseGruUnit<Real>(gate[i], gate[n + i], gate[2 * n + i], gate[3 * n + i],
                                          h[i], dy(i, column));
      dp[i] = dq[i] = d.pr;
      dp[n + i] = dq[n + i] = d.pz;
      dp[2 * n + i] = d.pn;
      dq[2 * n + i] = d.qn;
      dy(i, column) = d.h;  // what reaches h past the gates
    }
  }
  const Overlap of_x(first_input, dx == nullptr ? 0 : dx->rows(), 0, input_.input);
  const Overlap of_h(first_input, dx == nullptr ? 0 : dx->rows(), input_.input, input_size());
  const auto reverse = [&](const Affine& affine, const Real* weights, const ConstMatrixRef& from,
                           const ConstMatrixRef& delta, const ParameterSink& to,
                           const Overlap& rows) {
    if (rows.count == 0) {
      affine.Reverse(weights, from, delta, to, tape.scratch.data(), nullptr, 0);
      return;
    }
    MatrixRef target = dx->middleRows(rows.at, rows.count);
    affine.Reverse(weights, from, delta, to, tape.scratch.data(), &target, rows.first);
  };
  reverse(input_, theta, x.topRows(input_.input), work.topRows(3 * n), sink, of_x);
  reverse(state_, theta + second, x.bottomRows(n), work.bottomRows(3 * n), sink.At(second), of_h);
  if (of_h.count > 0) {
    dx->middleRows(of_h.at, of_h.count) += dy.middleRows(of_h.first, of_h.count);
  }
}

void Gru::Jvp(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
              const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef y_dot) const {
  const Index n = state_size(), second = input_.parameter_count();
  const ConstMatrixRef& direction = x_dot == nullptr ? x : *x_dot;
  const ConstMatrixRef input_dot = direction.topRows(input_.input);
  const ConstMatrixRef state_dot = direction.bottomRows(n);
  input_.Jvp(theta, theta_dot, x.topRows(input_.input), x_dot == nullptr ? nullptr : &input_dot,
             tape.work_dot.topRows(3 * n));
  state_.Jvp(theta + second, theta_dot == nullptr ? nullptr : theta_dot + second, x.bottomRows(n),
             x_dot == nullptr ? nullptr : &state_dot, tape.work_dot.bottomRows(3 * n));
  for (Index b = 0; b < x.cols(); ++b) {
    const auto gate = [&](Index k) { return tape.cache.col(b).segment(k * n, n).array(); };
    const auto r = gate(0), z = gate(1), candidate = gate(2), qn = gate(3);
    const auto h = x.col(b).tail(n).array();
    auto p = [&](Index k) { return tape.work_dot.col(b).segment(k * n, n).array(); };
    p(0) = r * (1 - r) * (p(0) + p(3));                               // r_dot
    p(1) = z * (1 - z) * (p(1) + p(4));                               // z_dot
    p(2) = (1 - candidate.square()) * (p(2) + p(0) * qn + r * p(5));  // n_dot
    p(3) = p(5);                                                      // q_n's
    auto y = y_dot.col(b).array();
    y = p(2) * (1 - z) + p(1) * (h - candidate);
    if (x_dot != nullptr) y += z * x_dot->col(b).tail(n).array();
  }
  if (tape.cache_dot.size() > 0) tape.cache_dot = tape.work_dot.topRows(4 * n);
}

void Gru::ReverseTangent(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                         const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef dy,
                         MatrixRef dy_dot, Real* dtheta_dot, MatrixRef* dx,
                         MatrixRef* dx_dot) const {
  const Index n = state_size(), second = input_.parameter_count();
  auto work = tape.work.leftCols(x.cols());
  for (Index b = 0; b < x.cols(); ++b) {
    const auto gate = [&](Index k, Index i) {
      return Dual{tape.cache(k * n + i, b), tape.cache_dot(k * n + i, b)};
    };
    for (Index i = 0; i < n; ++i) {
      const Dual h = {x(input_.input + i, b), x_dot == nullptr ? 0 : (*x_dot)(input_.input + i, b)};
      const auto d = ReverseGruUnit<Dual>(gate(0, i), gate(1, i), gate(2, i), gate(3, i), h,
                                          {dy(i, b), dy_dot(i, b)});
      const Dual rows[6] = {d.pr, d.pz, d.pn, d.pr, d.pz, d.qn};
      for (Index k = 0; k < 6; ++k) {
        work(k * n + i, b) = rows[k].value;
        tape.work_dot(k * n + i, b) = rows[k].dot;
      }
      dy(i, b) = d.h.value;
      dy_dot(i, b) = d.h.dot;
    }
  }
  const auto reverse = [&](const Affine& affine, Index offset, Index begin, Index work_row) {
    const auto part = [&](const ConstMatrixRef& whole) {
      return whole.middleRows(begin, affine.input);
    };
    const ConstMatrixRef from_dot = part(x_dot == nullptr ? x : *x_dot);
    const bool want_dx = dx_dot != nullptr;
    MatrixRef none = tape.work.topRows(0);
    MatrixRef to = want_dx ? MatrixRef(dx->middleRows(begin, affine.input)) : none;
    MatrixRef to_dot = want_dx ? MatrixRef(dx_dot->middleRows(begin, affine.input)) : none;
    affine.ReverseTangent(
        theta + offset, theta_dot == nullptr ? nullptr : theta_dot + offset, part(x),
        x_dot == nullptr ? nullptr : &from_dot, work.middleRows(work_row, 3 * n),
        tape.work_dot.middleRows(work_row, 3 * n),
        dtheta_dot == nullptr ? nullptr : dtheta_dot + offset, tape.scratch.data(),
        want_dx ? &to : nullptr, want_dx ? &to_dot : nullptr);
  };
  reverse(input_, 0, 0, 0);
  reverse(state_, second, input_.input, 3 * n);
  if (dx_dot == nullptr) return;
  dx->bottomRows(n) += dy;
  dx_dot->bottomRows(n) += dy_dot;
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
