// The squashed Gaussian policy and its temperature (double).
#include "agent/policy/squashed_gaussian.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "agent/learning/temperature.h"
#include "tests/agent/algorithms/first_step.h"
#include "tests/support/catch.h"

using namespace nabla;
using namespace nabla::agent;

namespace {

Matrix Head(double mean, double log_sigma, Index batch) {
  Matrix head(2, batch);
  head.row(0).setConstant(mean);
  head.row(1).setConstant(log_sigma);
  return head;
}

// Φ, the standard normal distribution function.
double Phi(double x) { return std::erfc(-x / std::sqrt(2.0)) / 2; }

}  // namespace

TEST_CASE("squashed Gaussian: the density integrates to the distribution function", "[agent]") {
  constexpr Index kDraws = 200'000;
  for (const auto& [mean, log_sigma] :
       std::vector<std::pair<double, double>>{{0, 0}, {0.7, -1}, {-2, -0.5}, {0.3, 0.7}, {0, -3}}) {
    CAPTURE(mean, log_sigma);
    SquashedGaussian policy(1, kDraws);
    Rng rng(2);
    policy.Sample(Head(mean, log_sigma, kDraws), rng);
    std::vector<std::pair<double, double>> points;  // (a, π(a))
    for (Index b = 0; b < kDraws; ++b) {
      points.emplace_back(policy.action()(0, b), std::exp(policy.log_probability()(0, b)));
    }
    std::sort(points.begin(), points.end());
    // Trapezoidal rule between the samples, up to the 99.9 % quantile.
    const std::size_t from = kDraws / 1000, to = kDraws - kDraws / 1000;
    double integral = 0;
    for (std::size_t i = from + 1; i < to; ++i) {
      integral +=
          (points[i].first - points[i - 1].first) * (points[i].second + points[i - 1].second) / 2;
    }
    const auto distribution = [&, m = mean, s = std::exp(log_sigma)](double a) {
      return Phi((std::atanh(a) - m) / s);
    };
    const double expected = distribution(points[to - 1].first) - distribution(points[from].first);
    REQUIRE(integral == Approx(expected).epsilon(1e-4));
    REQUIRE(expected == Approx(0.998).margin(5e-4));  // the samples have this distribution
  }
}

TEST_CASE("squashed Gaussian: saturated actions keep an exact density", "[agent]") {
  Rng rng(3);
  SquashedGaussian policy(1, 1);
  for (const double mean : {-400.0, -30.0, 30.0, 400.0}) {
    policy.Sample(Head(mean, -20, 1), rng);
    REQUIRE(std::fabs(policy.action()(0, 0)) == 1);
    // log(1 − tanh² u) → log 4 − 2 |u|. At σ = e^−20 the noise is negligible in u.
    const double slope = std::log(4.0) - 2 * std::fabs(mean);
    const double gaussian_highest = 20 - std::log(2 * M_PI) / 2;
    REQUIRE(policy.log_probability()(0, 0) <= gaussian_highest - slope + 1e-5);
    REQUIRE(policy.log_probability()(0, 0) > gaussian_highest - slope - 30);
  }
}

TEST_CASE("squashed Gaussian: a clamped log sigma has no slope", "[agent]") {
  Rng rng(5);
  SquashedGaussian policy(1, 3);
  Matrix head = Head(0.1, 0, 3), cotangent(2, 3);
  head.row(1) << -25, 0.5, 3;
  policy.Sample(head, rng);
  policy.Backward(0.7, Matrix::Constant(1, 3, 0.2), cotangent);
  REQUIRE(cotangent(1, 0) == 0);
  REQUIRE(cotangent(1, 1) != 0);
  REQUIRE(cotangent(1, 2) == 0);
}

TEST_CASE("squashed Gaussian: acting draws from the same distribution", "[agent]") {
  constexpr Index kDraws = 100'000;
  Rng rng(6);
  Matrix action(1, kDraws);
  DrawAction(Head(0.4, -0.7, kDraws), rng, action);
  int below = 0;
  for (Index b = 0; b < kDraws; ++b) below += action(0, b) < 0.2;
  REQUIRE(below / static_cast<double>(kDraws) ==
          Approx(Phi((std::atanh(0.2) - 0.4) / std::exp(-0.7))).margin(0.006));
  MeanAction(Head(0.4, -0.7, kDraws), action);
  REQUIRE(action(0, 7) == Approx(std::tanh(0.4)));
}

TEST_CASE("temperature: falls while the entropy is above its target, rises while it is below",
          "[agent]") {
  // ∂L/∂log α = −mean log π − H̄
  for (const double log_pi : {-1.5, 0.5, 2.5}) {
    CAPTURE(log_pi);
    Temperature temperature({.learning_rate = 1}, kFirstStep, 2);
    REQUIRE(temperature.alpha() == 1);
    temperature.Learn(Matrix::Constant(1, 4, log_pi));
    const Vector gradient =
        FirstStepGradient(Vector::Zero(1), Vector::Constant(1, std::log(temperature.alpha())));
    REQUIRE(gradient[0] == Approx(-log_pi + 2));
  }
  Temperature fixed({.learned = false, .initial = 0.1}, {}, 2);
  fixed.Learn(Matrix::Constant(1, 4, 5));
  REQUIRE(fixed.alpha() == Approx(0.1));
}

TEST_CASE("squashed Gaussian: a saturated action keeps its small slope", "[agent]") {
  // ∂a/∂m = 1 − tanh² u = 4 e^{−2|u|} / (1 + e^{−2|u|})², to full precision.
  Rng rng(1);
  for (const double mean : {-19.0, -12.0, 9.0, 12.0, 18.0}) {
    SquashedGaussian policy(1, 1);
    policy.Sample(Head(mean, -20, 1), rng);
    Matrix head_cotangent(2, 1);
    policy.Backward(0, Matrix::Ones(1, 1), head_cotangent);
    const double e = std::exp(-2 * std::fabs(mean));
    CAPTURE(mean);
    CHECK(head_cotangent(0, 0) == Approx(4 * e / ((1 + e) * (1 + e))).epsilon(1e-6));
  }
}
