#include "nn/layers/layer_norm.h"

#include <cmath>

#include "nn/layers/jacobian.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

constexpr Real kEpsilon = Real(1e-5);

// cache [size + 1, B]: x̂, and s in the last row; cache_dot its tangent.
auto Normal(const Matrix& cache, Index b) { return cache.col(b).head(cache.rows() - 1).array(); }
Real InverseDeviation(const Matrix& cache, Index b) { return cache(cache.rows() - 1, b); }

// u ← P u, for sample b
template <class Column>
void Project(const Matrix& cache, Index b, Column u) {
  const auto normal = Normal(cache, b);
  const Real mean = u.mean(), along = (normal * u).mean();
  u = InverseDeviation(cache, b) * (u - mean - normal * along);
}

// y ← x̂; returns s.
Real Normalize(const ConstMatrixRef& x, Index b, MatrixRef y) {
  const Real mean = x.col(b).mean();
  y.col(b).array() = x.col(b).array() - mean;
  const Real inverse =
      1 / std::sqrt(y.col(b).squaredNorm() / static_cast<Real>(y.rows()) + kEpsilon);
  y.col(b) *= inverse;
  return inverse;
}

}  // namespace

LayerSpec LayerNorm::Spec() const {
  return {.kind = "layer_norm", .input_size = input_size(), .output_size = output_size()};
}

std::vector<ParameterBlock> LayerNorm::Parameters() const {
  return {{"scale", 0, output_size(), 1}, {"shift", output_size(), output_size(), 1}};
}

void LayerNorm::Initialize(const UniformSource&, Real* theta) const {
  std::fill_n(theta, output_size(), Real(1));
  std::fill_n(theta + output_size(), output_size(), Real(0));
}

void LayerNorm::Prepare(const TapeShape& shape, LayerTape& tape) const {
  tape.cache.resize(output_size() + 1, shape.batch);
  tape.cache_dot.resize(shape.second_order ? output_size() + 1 : 0, shape.batch);
  const Index rows = shape.batch * shape.cotangents;
  tape.work.resize(output_size(), shape.jacobian ? rows : shape.batch);
  if (shape.jacobian) tape.scratch.resize(GramScratchSize(output_size(), 0, rows, 1));
}

void LayerNorm::Evaluate(const Real* theta, const ConstMatrixRef& x, LayerTape&,
                         MatrixRef y) const {
  const Eigen::Map<const Vector> scale(theta, output_size());
  const Eigen::Map<const Vector> shift(theta + output_size(), output_size());
  for (Index b = 0; b < x.cols(); ++b) {
    Normalize(x, b, y);
    y.col(b).array() = y.col(b).array() * scale.array() + shift.array();
  }
}

void LayerNorm::Forward(const Real* theta, const ConstMatrixRef& x, LayerTape& tape,
                        MatrixRef y) const {
  const Eigen::Map<const Vector> scale(theta, output_size());
  const Eigen::Map<const Vector> shift(theta + output_size(), output_size());
  for (Index b = 0; b < x.cols(); ++b) {
    tape.cache(output_size(), b) = Normalize(x, b, y);
    tape.cache.col(b).head(output_size()) = y.col(b);
    y.col(b).array() = y.col(b).array() * scale.array() + shift.array();
  }
}

void LayerNorm::Reverse(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef dy,
                        const ParameterSink& sink, MatrixRef* dx, Index first_input) const {
  const Index size = output_size(), columns = dy.cols(), g = columns / x.cols();
  if (sink.wanted()) {  // work = dy ∘ x̂, one Jacobian row of γ a column; dy is the row of β
    auto normal = tape.work.leftCols(columns);
    normal = dy;
    ScaleSamples(tape.cache.topRows(size), normal);
    if (sink.sum != nullptr) {
      Eigen::Map<Vector> scale(sink.sum, size), shift(sink.sum + size, size);
      for (Index r = 0; r < columns; ++r) {
        scale += normal.col(r);
        shift += dy.col(r);
      }
    }
    if (sink.jacobian != nullptr) {
      Eigen::Map<Matrix>(sink.jacobian, columns, size) = normal.transpose();
      Eigen::Map<Matrix>(sink.jacobian + columns * size, columns, size) = dy.transpose();
    }
    if (sink.gram != nullptr) {
      AddAffineGram(normal, nullptr, tape.scratch.data(), *sink.gram);
      AddAffineGram(dy, nullptr, tape.scratch.data(), *sink.gram);
    }
  }
  if (dx == nullptr) return;
  const Eigen::Map<const Vector> scale(theta, size);
  for (Index r = 0; r < columns; ++r) {
    dy.col(r).array() *= scale.array();
    Project(tape.cache, r / g, dy.col(r).array());
  }
  *dx = dy.middleRows(first_input, dx->rows());
}

void LayerNorm::Jvp(const Real* theta, const Real* theta_dot, const ConstMatrixRef&,
                    const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef y_dot) const {
  const Index size = output_size();
  const bool keep = tape.cache_dot.size() > 0;
  const Eigen::Map<const Vector> scale(theta, size);
  if (x_dot == nullptr) {
    y_dot.setZero();
  } else {
    y_dot = *x_dot;
  }
  for (Index b = 0; b < y_dot.cols(); ++b) {
    auto column = y_dot.col(b).array();
    const Real s = InverseDeviation(tape.cache, b);
    if (keep) tape.cache_dot(size, b) = -s * s * (Normal(tape.cache, b) * column).mean();
    Project(tape.cache, b, column);
    if (keep) tape.cache_dot.col(b).head(size).array() = column;
    column *= scale.array();
    if (theta_dot != nullptr) {
      const Eigen::Map<const Vector> scale_dot(theta_dot, size), shift_dot(theta_dot + size, size);
      column += scale_dot.array() * Normal(tape.cache, b) + shift_dot.array();
    }
  }
}

void LayerNorm::ReverseTangent(const Real* theta, const Real* theta_dot, const ConstMatrixRef&,
                               const ConstMatrixRef*, LayerTape& tape, MatrixRef dy,
                               MatrixRef dy_dot, Real* dtheta_dot, MatrixRef* dx,
                               MatrixRef* dx_dot) const {
  const Index size = output_size();
  const Eigen::Map<const Vector> scale(theta, size);
  for (Index b = 0; b < dy.cols(); ++b) {
    const auto normal = Normal(tape.cache, b), normal_dot = Normal(tape.cache_dot, b);
    auto g = dy.col(b).array(), g_dot = dy_dot.col(b).array();
    if (dtheta_dot != nullptr) {
      Eigen::Map<Vector> scale_sum(dtheta_dot, size), shift_sum(dtheta_dot + size, size);
      scale_sum.array() += g_dot * normal + g * normal_dot;
      shift_sum.array() += g_dot;
    }
    if (dx_dot == nullptr) continue;
    g_dot *= scale.array();
    if (theta_dot != nullptr) g_dot += Eigen::Map<const Vector>(theta_dot, size).array() * g;
    g *= scale.array();
    const Real along = (normal * g).mean(), along_dot = (normal_dot * g).mean();
    const Real s = InverseDeviation(tape.cache, b);
    const Real growth = InverseDeviation(tape.cache_dot, b) / s;  // of s
    Project(tape.cache, b, g);
    Project(tape.cache, b, g_dot);
    dx->col(b).array() = g;
    dx_dot->col(b).array() = g_dot + growth * g - s * (normal_dot * along + normal * along_dot);
  }
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
