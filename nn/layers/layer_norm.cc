// LayerNorm (Ba, Kiros & Hinton 2016): scales each sample to mean 0 and variance 1.
//
//   y = γ ∘ x̂ + β,   x̂ = (x − mean x) s,   s = 1 / √(var x + ε),   ε = 1e-5
//
// Its Jacobian in x is diag(γ) P with the symmetric map
//   P u = s (u − mean u − x̂ mean(x̂ ∘ u))
// so forward mode is γ ∘ P x_dot, and reverse mode is P (γ ∘ dy).
//
// Parameters in θ: γ [size] ("scale"), β [size] ("shift").
#include <algorithm>
#include <cmath>

#include "nn/kernels/gemm.h"
#include "nn/layers/jacobian.h"
#include "nn/layers/layers.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

constexpr Real kEpsilon = Real(1e-5);

// cache [size + 1, B]: x̂, with s in the last row. cache_dot is its tangent.
auto Normal(const Matrix& cache, Index b) { return cache.col(b).head(cache.rows() - 1).array(); }
Real InverseDeviation(const Matrix& cache, Index b) { return cache(cache.rows() - 1, b); }

template <class Column>
Real Mean(const Column& u) {
  return Sum(u.data(), u.size()) / static_cast<Real>(u.size());
}

// u ← P u, for sample b
template <class Column>
void Project(const Matrix& cache, Index b, Column u) {
  const auto normal = Normal(cache, b);
  const Real mean = Mean(u), along = (normal * u).mean();
  u = InverseDeviation(cache, b) * (u - mean - normal * along);
}

// y ← x̂; returns s.
Real Normalize(const ConstMatrixRef& x, Index b, MatrixRef y) {
  const Real mean = Mean(x.col(b));
  y.col(b).array() = x.col(b).array() - mean;
  const Real inverse =
      1 / std::sqrt(y.col(b).squaredNorm() / static_cast<Real>(y.rows()) + kEpsilon);
  y.col(b) *= inverse;
  return inverse;
}

class LayerNorm : public Layer {
 public:
  explicit LayerNorm(Index size) : Layer(size, size) {}

  LayerSpec Spec() const override {
    return {.kind = "layer_norm", .input_size = input_size(), .output_size = output_size()};
  }
  std::vector<ParameterBlock> Parameters() const override {
    return {{"scale", 0, output_size(), 1}, {"shift", output_size(), output_size(), 1}};
  }
  void Initialize(const UniformSource&, Real* theta) const override {
    std::fill_n(theta, output_size(), Real(1));
    std::fill_n(theta + output_size(), output_size(), Real(0));
  }

  void Prepare(const TapeShape& shape, LayerTape& tape) const override {
    tape.cache.resize(output_size() + 1, shape.batch);
    tape.cache_dot.resize(shape.second_order ? output_size() + 1 : 0, shape.batch);
    const Index rows = shape.batch * shape.cotangents;
    tape.work.resize(output_size(), shape.jacobian ? rows : shape.batch);
    if (shape.jacobian) tape.scratch.resize(GramScratchSize(output_size(), 0, rows, 1));
  }

  void Forward(const Real* theta, const ConstMatrixRef& x, bool keep, LayerTape& tape,
               MatrixRef y) const override {
    for (Index b = 0; b < x.cols(); ++b) {
      const Real s = Normalize(x, b, y);
      if (keep) {
        tape.cache(output_size(), b) = s;
        tape.cache.col(b).head(output_size()) = y.col(b);
      }
      y.col(b).array() = y.col(b).array() * Scale(theta) + Shift(theta);
    }
  }

  void Reverse(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef dy,
               const ParameterSink& sink, MatrixRef* dx, Index first_input) const override {
    if (sink.wanted()) ReverseParameters(tape, dy, sink);
    if (dx == nullptr) return;
    const Index g = dy.cols() / x.cols();
    for (Index r = 0; r < dy.cols(); ++r) {
      dy.col(r).array() *= Scale(theta);
      Project(tape.cache, r / g, dy.col(r).array());
    }
    *dx = dy.middleRows(first_input, dx->rows());
  }

  void Jvp(const Real* theta, const Real* theta_dot, const ConstMatrixRef&,
           const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef y_dot) const override {
    const Index size = output_size();
    const bool keep = tape.cache_dot.size() > 0;
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
      column *= Scale(theta);
      if (theta_dot != nullptr) {
        column += Scale(theta_dot) * Normal(tape.cache, b) + Shift(theta_dot);
      }
    }
  }

  void ReverseTangent(const Real* theta, const Real* theta_dot, const ConstMatrixRef&,
                      const ConstMatrixRef*, LayerTape& tape, MatrixRef dy, MatrixRef dy_dot,
                      Real* dtheta_dot, MatrixRef* dx, MatrixRef* dx_dot) const override {
    const Index size = output_size();
    for (Index b = 0; b < dy.cols(); ++b) {
      const auto normal = Normal(tape.cache, b), normal_dot = Normal(tape.cache_dot, b);
      auto g = dy.col(b).array(), g_dot = dy_dot.col(b).array();
      if (dtheta_dot != nullptr) {
        Eigen::Map<Vector> scale_sum(dtheta_dot, size), shift_sum(dtheta_dot + size, size);
        scale_sum.array() += g_dot * normal + g * normal_dot;
        shift_sum.array() += g_dot;
      }
      if (dx_dot == nullptr) continue;
      g_dot *= Scale(theta);
      if (theta_dot != nullptr) g_dot += Scale(theta_dot) * g;
      g *= Scale(theta);
      const Real along = (normal * g).mean(), along_dot = (normal_dot * g).mean();
      const Real s = InverseDeviation(tape.cache, b);
      const Real s_dot = InverseDeviation(tape.cache_dot, b);
      Project(tape.cache, b, g);
      Project(tape.cache, b, g_dot);
      dx->col(b).array() = g;
      dx_dot->col(b).array() =
          g_dot + s_dot / s * g - s * (normal_dot * along + normal * along_dot);
    }
  }

 private:
  Eigen::Map<const Eigen::Array<Real, Eigen::Dynamic, 1>> Scale(const Real* theta) const {
    return {theta, output_size()};
  }
  Eigen::Map<const Eigen::Array<Real, Eigen::Dynamic, 1>> Shift(const Real* theta) const {
    return {theta + output_size(), output_size()};
  }

  // A column of dy ∘ x̂ is a Jacobian row of γ, a column of dy one of β.
  void ReverseParameters(LayerTape& tape, const MatrixRef& dy, const ParameterSink& sink) const {
    const Index size = output_size(), columns = dy.cols();
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
};

}  // namespace

LayerKind LayerNormKind() {
  return {"layer_norm",
          "scale * (x - mean x) / sqrt(var x + 1e-5) + shift",
          [](const LayerSpec& spec) -> std::shared_ptr<const Layer> {
            return std::make_shared<LayerNorm>(spec.input_size);
          },
          {{.kind = "layer_norm", .input_size = 5, .output_size = 5}}};
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
