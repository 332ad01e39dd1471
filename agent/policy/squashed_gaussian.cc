#include "agent/policy/squashed_gaussian.h"

#include <algorithm>
#include <cmath>

#include "nn/kernels/elementary.h"

namespace nabla::agent {
namespace {

namespace elementary = nn::elementary;

constexpr Real kLowestLogSigma = -20;
constexpr Real kHighestLogSigma = 2;

void FillNormal(Rng& rng, Real* numbers, Index count) {
  for (Index i = 0; i < count; i += 2) {
    const auto pair = rng.NormalPair();
    numbers[i] = static_cast<Real>(pair[0]);
    if (i + 1 < count) numbers[i + 1] = static_cast<Real>(pair[1]);
  }
}

// log(1 − tanh² u)
elementary::Register LogSlope(elementary::Register u) {
  constexpr Real kLog2 = Real(0.693147180559945309);
  const elementary::Register v = -2 * u;
  const elementary::Register positive = v < 0 ? elementary::Fill(0) : v;
  const elementary::Register tail = elementary::Log1p(elementary::Exp(-elementary::Absolute(v)));
  return 2 * (kLog2 - u - (positive + tail));
}

}  // namespace

SquashedGaussian::SquashedGaussian(Index action_size, Index batch)
    : mean_(action_size, batch),
      log_sigma_(action_size, batch),
      noise_(action_size, batch),
      sigma_noise_(action_size, batch),
      is_free_(action_size, batch),
      action_(action_size, batch),
      slope_(action_size, batch),
      log_density_(action_size, batch),
      log_probability_(1, batch) {}

void SquashedGaussian::Sample(const ConstMatrixRef& head, Rng& rng) {
  const Index a = action_.rows();
  eigen_assert(head.rows() == 2 * a && head.cols() == action_.cols());
  mean_ = head.topRows(a);
  log_sigma_ = head.bottomRows(a);
  FillNormal(rng, noise_.data(), noise_.size());
  Transform();
  log_probability_ = log_density_.colwise().sum();
}

void SquashedGaussian::Transform() {
  constexpr Real kHalfLog2Pi = Real(0.918938533204672742);
  const Index n = action_.size();
  for (Index i = 0; i < n; i += elementary::kWidth) {
    const Index left = n - i;
    const elementary::Register l = elementary::Load(log_sigma_.data() + i, left);
    const elementary::Register xi = elementary::Load(noise_.data() + i, left);
    const elementary::Register raised = l < kLowestLogSigma ? elementary::Fill(kLowestLogSigma) : l;
    const elementary::Register clamped =
        raised > kHighestLogSigma ? elementary::Fill(kHighestLogSigma) : raised;
    const elementary::Register is_free = clamped == l ? elementary::Fill(1) : elementary::Fill(0);
    const elementary::Register sigma_xi = elementary::Exp(clamped) * xi;
    const elementary::Register u = elementary::Load(mean_.data() + i, left) + sigma_xi;
    elementary::Store(action_.data() + i, elementary::Tanh(u), left);
    elementary::Store(slope_.data() + i, elementary::TanhSlope(u), left);
    elementary::Store(sigma_noise_.data() + i, is_free * sigma_xi, left);
    elementary::Store(is_free_.data() + i, is_free, left);
    elementary::Store(log_density_.data() + i,
                      Real(-0.5) * xi * xi - clamped - kHalfLog2Pi - LogSlope(u), left);
  }
}

void SquashedGaussian::Backward(double alpha, const Matrix& action_cotangent,
                                Matrix& head_cotangent) const {
  const Index a = action_.rows();
  const auto share = static_cast<Real>(alpha) / static_cast<Real>(action_.cols());
  const auto& action = action_.array();
  head_cotangent.topRows(a) = 2 * share * action + action_cotangent.array() * slope_.array();
  head_cotangent.bottomRows(a) =
      head_cotangent.topRows(a).array() * sigma_noise_.array() - share * is_free_.array();
}

void DrawAction(const ConstMatrixRef& head, Rng& rng, MatrixRef action) {
  const Index a = action.rows();
  for (Index b = 0; b < action.cols(); ++b) {
    for (Index i = 0; i < a; ++i) {
      const Real l = std::clamp(head(a + i, b), kLowestLogSigma, kHighestLogSigma);
      const Real u = head(i, b) + elementary::Exp(l) * static_cast<Real>(rng.Normal());
      action(i, b) = elementary::Tanh(u);
    }
  }
}

void MeanAction(const ConstMatrixRef& head, MatrixRef action) {
  for (Index b = 0; b < action.cols(); ++b) {
    for (Index i = 0; i < action.rows(); ++i) action(i, b) = elementary::Tanh(head(i, b));
  }
}

}  // namespace nabla::agent
