#include "nn/layers/readout.h"

#include <algorithm>
#include <stdexcept>

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

Readout::Readout(Index input_size, const LayerList& inner)
    : Layer(input_size, input_size + (inner.empty() ? 0 : inner.back()->output_size())),
      inner_(inner.empty() ? 0 : inner.front()->input_size(), inner) {
  if (inner_.input_size() > input_size) {
    throw std::invalid_argument(Description() + ": the inner layers read " +
                                std::to_string(inner_.input_size()) + " of " +
                                std::to_string(input_size) + " inputs");
  }
}

LayerSpec Readout::Spec() const {
  return {.kind = "readout",
          .input_size = input_size(),
          .output_size = output_size(),
          .inner = inner_.Specs()};
}

std::vector<ParameterBlock> Readout::Parameters() const { return inner_.Parameters(); }

void Readout::Initialize(const UniformSource& uniform, Real* theta) const {
  inner_.Initialize(uniform, theta);
}

void Readout::Prepare(const TapeShape& shape, LayerTape& tape) const {
  inner_.Prepare(shape, tape.inner);
  tape.work.resize(inner_.input_size(), shape.batch * shape.cotangents);
  tape.work_dot.resize(shape.second_order ? inner_.input_size() : 0, shape.batch);
}

void Readout::Evaluate(const Real* theta, const ConstMatrixRef& x, LayerTape& tape,
                       MatrixRef y) const {
  inner_.Evaluate(theta, x.topRows(inner_.input_size()), tape.inner);
  y.topRows(inner_.output_size()) = tape.inner.back().output;
  y.bottomRows(x.rows()) = x;
}

void Readout::Forward(const Real* theta, const ConstMatrixRef& x, LayerTape& tape,
                      MatrixRef y) const {
  inner_.Forward(theta, x.topRows(inner_.input_size()), tape.inner);
  y.topRows(inner_.output_size()) = tape.inner.back().output;
  y.bottomRows(x.rows()) = x;
}

void Readout::Reverse(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef dy,
                      const ParameterSink& sink, MatrixRef* dx, Index first_input) const {
  const Index read = inner_.input_size();
  MatrixRef dread = tape.work.leftCols(dy.cols());
  tape.inner.back().cotangent.leftCols(dy.cols()) = dy.topRows(inner_.output_size());
  inner_.Reverse(theta, x.topRows(read), tape.inner, dy.cols() / x.cols(), sink,
                 dx == nullptr ? nullptr : &dread, 0);
  if (dx == nullptr) return;
  *dx = dy.middleRows(inner_.output_size() + first_input, dx->rows());
  const Index both = std::min(read - first_input, dx->rows());
  if (both > 0) dx->topRows(both) += dread.middleRows(first_input, both);
}

void Readout::Jvp(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                  const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef y_dot) const {
  const Index read = inner_.input_size();
  if (x_dot == nullptr) {
    inner_.Jvp(theta, theta_dot, x.topRows(read), nullptr, tape.inner);
    y_dot.bottomRows(x.rows()).setZero();
  } else {
    const ConstMatrixRef read_dot = x_dot->topRows(read);
    inner_.Jvp(theta, theta_dot, x.topRows(read), &read_dot, tape.inner);
    y_dot.bottomRows(x.rows()) = *x_dot;
  }
  y_dot.topRows(inner_.output_size()) = tape.inner.back().tangent;
}

void Readout::ReverseTangent(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                             const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef dy,
                             MatrixRef dy_dot, Real* dtheta_dot, MatrixRef* dx,
                             MatrixRef* dx_dot) const {
  const Index read = inner_.input_size(), result = inner_.output_size();
  MatrixRef dread = tape.work.leftCols(dy.cols()), dread_dot = tape.work_dot;
  const bool want_dx = dx_dot != nullptr;
  tape.inner.back().cotangent.leftCols(dy.cols()) = dy.topRows(result);
  tape.inner.back().cotangent_dot = dy_dot.topRows(result);
  const ConstMatrixRef read_dot = (x_dot == nullptr ? x : *x_dot).topRows(read);
  inner_.ReverseTangent(theta, theta_dot, x.topRows(read), x_dot == nullptr ? nullptr : &read_dot,
                        tape.inner, dtheta_dot, want_dx ? &dread : nullptr,
                        want_dx ? &dread_dot : nullptr);
  if (!want_dx) return;
  *dx = dy.bottomRows(x.rows());
  *dx_dot = dy_dot.bottomRows(x.rows());
  dx->topRows(read) += dread;
  dx_dot->topRows(read) += dread_dot;
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
