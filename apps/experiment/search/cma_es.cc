#include "apps/experiment/search/cma_es.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "apps/experiment/statistics/statistics.h"
#include "envs/core/spectrum.h"

namespace nabla::experiment {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

// (Σ w)² / Σ w².
double EffectiveCount(const VectorXd& weights) {
  return weights.sum() * weights.sum() / weights.squaredNorm();
}

}  // namespace

CmaEs::CmaEs(const VectorXd& mean, double sigma, std::uint64_t seed, int population)
    : n_(static_cast<int>(mean.size())),
      population_(population > 0 ? population
                                 : 4 + static_cast<int>(3 * std::log(static_cast<double>(n_)))),
      parents_(population_ / 2),
      rng_(seed, "cma_es"),
      mean_(mean),
      sigma_(sigma),
      covariance_(MatrixXd::Identity(n_, n_)),
      path_sigma_(VectorXd::Zero(n_)),
      path_c_(VectorXd::Zero(n_)),
      steps_(n_, population_),
      candidates_(n_, population_) {
  if (n_ < 1 || population_ < 4)
    throw std::invalid_argument("CMA-ES needs a population of at least 4");
  SetWeights();
  Decompose();
}

void CmaEs::SetWeights() {  // equations 49 to 58
  const double n = n_;
  VectorXd raw(population_);
  for (int i = 0; i < population_; ++i) {
    raw[i] = std::log((population_ + 1) / 2.0) - std::log(i + 1.0);
  }
  mu_eff_ = EffectiveCount(raw.head(parents_));
  const double mu_eff_negative = EffectiveCount(raw.tail(population_ - parents_));
  c_c_ = (4 + mu_eff_ / n) / (n + 4 + 2 * mu_eff_ / n);
  c_sigma_ = (mu_eff_ + 2) / (n + mu_eff_ + 5);
  d_sigma_ = 1 + 2 * std::max(0.0, std::sqrt((mu_eff_ - 1) / (n + 1)) - 1) + c_sigma_;
  constexpr double kAlpha = 2;
  c_1_ = kAlpha / ((n + 1.3) * (n + 1.3) + mu_eff_);
  c_mu_ = std::min(1 - c_1_, kAlpha * (0.25 + mu_eff_ + 1 / mu_eff_ - 2) /
                                 ((n + 2) * (n + 2) + kAlpha * mu_eff_ / 2));
  const double negative_sum = std::min({1 + c_1_ / c_mu_, 1 + 2 * mu_eff_negative / (mu_eff_ + 2),
                                        (1 - c_1_ - c_mu_) / (n * c_mu_)});
  const double positive = raw.cwiseMax(0).sum();
  const double negative = -raw.cwiseMin(0).sum();
  weights_ =
      raw.unaryExpr([&](double w) { return w >= 0 ? w / positive : w * negative_sum / negative; });
  expected_norm_ = std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
}

void CmaEs::Decompose() {
  const auto [values, vectors] = envs::DecomposeSymmetric(covariance_);
  const VectorXd scales = values.cwiseMax(1e-20).cwiseSqrt();
  root_ = vectors * scales.asDiagonal();
  inverse_root_ = vectors * scales.cwiseInverse().asDiagonal() * vectors.transpose();
}

const MatrixXd& CmaEs::Ask() {
  MatrixXd normal(n_, population_);
  for (Eigen::Index i = 0; i < normal.size(); ++i) normal.data()[i] = rng_.Normal();
  steps_ = root_ * normal;
  candidates_ = (sigma_ * steps_).colwise() + mean_;
  return candidates_;
}

void CmaEs::Tell(const std::vector<double>& values) {
  if (values.size() != static_cast<std::size_t>(population_)) {
    throw std::invalid_argument("CMA-ES needs one value per candidate");
  }
  std::vector<int> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return IsBetter(-values[static_cast<std::size_t>(a)], -values[static_cast<std::size_t>(b)]);
  });
  MatrixXd best(n_, population_);  // y_{i:λ}
  for (int i = 0; i < population_; ++i)
    best.col(i) = steps_.col(order[static_cast<std::size_t>(i)]);

  const VectorXd step = best.leftCols(parents_) * weights_.head(parents_);
  mean_ += sigma_ * step;

  path_sigma_ = (1 - c_sigma_) * path_sigma_ +
                std::sqrt(c_sigma_ * (2 - c_sigma_) * mu_eff_) * (inverse_root_ * step);
  const double norm = path_sigma_.norm();
  ++generation_;
  const double settled = std::sqrt(1 - std::pow(1 - c_sigma_, 2.0 * generation_));
  const double h_sigma = norm / settled < (1.4 + 2.0 / (n_ + 1)) * expected_norm_ ? 1 : 0;

  path_c_ = (1 - c_c_) * path_c_ + h_sigma * std::sqrt(c_c_ * (2 - c_c_) * mu_eff_) * step;
  VectorXd weights = weights_;
  for (int i = parents_; i < population_; ++i) {
    if (weights[i] < 0) weights[i] *= n_ / (inverse_root_ * best.col(i)).squaredNorm();
  }
  const double lost = (1 - h_sigma) * c_c_ * (2 - c_c_);
  covariance_ *= 1 + c_1_ * lost - c_1_ - c_mu_ * weights_.sum();
  covariance_ += c_1_ * path_c_ * path_c_.transpose();
  covariance_ += c_mu_ * best * weights.asDiagonal() * best.transpose();
  covariance_ = ((covariance_ + covariance_.transpose()) / 2).eval();
  sigma_ *= std::exp(c_sigma_ / d_sigma_ * (norm / expected_norm_ - 1));
  Decompose();
}

}  // namespace nabla::experiment
