#include "nn/layers/lstm.h"

#include <algorithm>
#include <cmath>

#include "nn/kernels/activation.h"
#include "nn/layers/dual.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

// Cotangents of the four gates' arguments and of c, from those of h' and c'.
template <class T>
struct LstmCotangents {
  T i, f, g, o, c;
};

// t = tanh c'
template <class T>
LstmCotangents<T> ReverseLstmUnit(T i, T f, T g, T o, T t, T c, T dh, T dc_next) {
  const T dc = dc_next + dh * o * (Real(1) - t * t);
  return {dc * g * i * (Real(1) - i), dc * c * f * (Real(1) - f), dc * i * (Real(1) - g * g),
          dh * t * o * (Real(1) - o), dc * f};
}

}  // namespace

Lstm::Lstm(Index input_size, Index cell_size)
    : Layer(input_size + 2 * cell_size, 2 * cell_size),
      gates_{input_size + cell_size, 4 * cell_size} {}

LayerSpec Lstm::Spec() const {
  return {.kind = "lstm", .input_size = input_size(), .output_size = output_size()};
}

std::vector<ParameterBlock> Lstm::Parameters() const {
  return {{"weight", 0, gates_.output, gates_.input},
          {"bias", gates_.output * gates_.input, gates_.output, 1}};
}

void Lstm::Initialize(const UniformSource& uniform, Real* theta) const {
  const Index n = cell_size();
  const double bound = 1 / std::sqrt(static_cast<double>(n));
  for (Index i = 0; i < parameter_count(); ++i) {
    theta[i] = static_cast<Real>(bound * (2 * uniform() - 1));
  }
  // Forget gates start open, so that the cell remembers (Gers et al. 2000).
  Real* bias = theta + gates_.output * gates_.input;
  for (Index i = 0; i < n; ++i) bias[n + i] += 1;
}

void Lstm::Prepare(const TapeShape& shape, LayerTape& tape) const {
  const Index n = cell_size(), columns = shape.batch * shape.cotangents;
  tape.cache.resize(5 * n, shape.batch);
  tape.cache_dot.resize(shape.second_order ? 5 * n : 0, shape.batch);
  tape.work.resize(4 * n, columns);
  tape.work_dot.resize(shape.tangent || shape.second_order ? 4 * n : 0, shape.batch);
  tape.scratch.resize(gates_.ScratchSize(shape));
}

void Lstm::Gates(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef y) const {
  static const Activation& sigmoid = FindActivation("sigmoid");
  static const Activation& tanh = FindActivation("tanh");
  const Index n = cell_size();
  MatrixRef gates = tape.cache.topRows(4 * n);  // [i; f; g; o]
  gates_.Evaluate(theta, x.topRows(gates_.input), gates);
  for (Index b = 0; b < x.cols(); ++b) {
    const auto gate = [&](Index k) { return tape.cache.col(b).segment(k * n, n).array(); };
    auto tanh_cell = gate(4);
    sigmoid.evaluate(gate(0).data(), 2 * n);
    tanh.evaluate(gate(2).data(), n);
    sigmoid.evaluate(gate(3).data(), n);
    y.col(b).tail(n).array() = gate(1) * x.col(b).tail(n).array() + gate(0) * gate(2);
    tanh_cell = y.col(b).tail(n).array();
    tanh.evaluate(tanh_cell.data(), n);
    y.col(b).head(n).array() = gate(3) * tanh_cell;
  }
}

void Lstm::Evaluate(const Real* theta, const ConstMatrixRef& x, LayerTape& tape,
                    MatrixRef y) const {
  Gates(theta, x, tape, y);
}

void Lstm::Forward(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef y) const {
  Gates(theta, x, tape, y);
}

void Lstm::Reverse(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef dy,
                   const ParameterSink& sink, MatrixRef* dx, Index first_input) const {
  const Index n = cell_size(), g = dy.cols() / x.cols();
  auto work = tape.work.leftCols(dy.cols());
  for (Index column = 0; column < dy.cols(); ++column) {
    const Real* gate = tape.cache.col(column / g).data();
    const Real* c = x.col(column / g).data() + gates_.input;
    Real* dv = work.col(column).data();
    for (Index k = 0; k < n; ++k) {
      const auto d = ReverseLstmUnit<Real>(gate[k], gate[n + k], gate[2 * n + k], gate[3 * n + k],
                                           gate[4 * n + k], c[k], dy(k, column), dy(n + k, column));
      dv[k] = d.i;
      dv[n + k] = d.f;
      dv[2 * n + k] = d.g;
      dv[3 * n + k] = d.o;
      dy(n + k, column) = d.c;
    }
  }
  // The first gates_.input rows of dx come through the gates, the rest are ∂E/∂c.
  const Index rows = dx == nullptr ? 0 : dx->rows();
  const Index through = std::clamp<Index>(gates_.input - first_input, 0, rows);
  if (through > 0) {
    MatrixRef target = dx->topRows(through);
    gates_.Reverse(theta, x.topRows(gates_.input), work, sink, tape.scratch.data(), &target,
                   first_input);
  } else {
    gates_.Reverse(theta, x.topRows(gates_.input), work, sink, tape.scratch.data(), nullptr, 0);
  }
  if (rows > through) {
    const Index first = first_input + through - gates_.input;
    dx->bottomRows(rows - through) = dy.middleRows(n + first, rows - through);
  }
}

void Lstm::Jvp(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
               const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef y_dot) const {
  const Index n = cell_size();
  const ConstMatrixRef gates_dot = (x_dot == nullptr ? x : *x_dot).topRows(gates_.input);
  gates_.Jvp(theta, theta_dot, x.topRows(gates_.input), x_dot == nullptr ? nullptr : &gates_dot,
             tape.work_dot);
  for (Index b = 0; b < x.cols(); ++b) {
    const auto gate = [&](Index k) { return tape.cache.col(b).segment(k * n, n).array(); };
    const auto i = gate(0), f = gate(1), g = gate(2), o = gate(3), t = gate(4);
    auto v = [&](Index k) { return tape.work_dot.col(b).segment(k * n, n).array(); };
    v(0) *= i * (1 - i);
    v(1) *= f * (1 - f);
    v(2) *= 1 - g.square();
    v(3) *= o * (1 - o);
    auto h_dot = y_dot.col(b).head(n).array(), c_dot = y_dot.col(b).tail(n).array();
    c_dot = v(1) * x.col(b).tail(n).array() + v(0) * g + i * v(2);
    if (x_dot != nullptr) c_dot += f * x_dot->col(b).tail(n).array();
    h_dot = v(3) * t + o * (1 - t.square()) * c_dot;
    if (tape.cache_dot.size() > 0) {
      tape.cache_dot.col(b).head(4 * n) = tape.work_dot.col(b);
      tape.cache_dot.col(b).tail(n).array() = (1 - t.square()) * c_dot;
    }
  }
}

void Lstm::ReverseTangent(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                          const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef dy,
                          MatrixRef dy_dot, Real* dtheta_dot, MatrixRef* dx,
                          MatrixRef* dx_dot) const {
  const Index n = cell_size();
  auto work = tape.work.leftCols(x.cols());
  for (Index b = 0; b < x.cols(); ++b) {
    const auto gate = [&](Index row) { return Dual{tape.cache(row, b), tape.cache_dot(row, b)}; };
    for (Index k = 0; k < n; ++k) {
      const Index row = gates_.input + k;
      const Dual c = {x(row, b), x_dot == nullptr ? 0 : (*x_dot)(row, b)};
      const auto d = ReverseLstmUnit<Dual>(gate(k), gate(n + k), gate(2 * n + k), gate(3 * n + k),
                                           gate(4 * n + k), c, {dy(k, b), dy_dot(k, b)},
                                           {dy(n + k, b), dy_dot(n + k, b)});
      const Dual rows[4] = {d.i, d.f, d.g, d.o};
      for (Index r = 0; r < 4; ++r) {
        work(r * n + k, b) = rows[r].value;
        tape.work_dot(r * n + k, b) = rows[r].dot;
      }
      dy(n + k, b) = d.c.value;
      dy_dot(n + k, b) = d.c.dot;
    }
  }
  const ConstMatrixRef gates_dot = (x_dot == nullptr ? x : *x_dot).topRows(gates_.input);
  const bool want_dx = dx_dot != nullptr;
  MatrixRef none = tape.work.topRows(0);
  MatrixRef to = want_dx ? MatrixRef(dx->topRows(gates_.input)) : none;
  MatrixRef to_dot = want_dx ? MatrixRef(dx_dot->topRows(gates_.input)) : none;
  gates_.ReverseTangent(theta, theta_dot, x.topRows(gates_.input),
                        x_dot == nullptr ? nullptr : &gates_dot, work, tape.work_dot, dtheta_dot,
                        tape.scratch.data(), want_dx ? &to : nullptr, want_dx ? &to_dot : nullptr);
  if (!want_dx) return;
  dx->bottomRows(n) = dy.bottomRows(n);
  dx_dot->bottomRows(n) = dy_dot.bottomRows(n);
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
