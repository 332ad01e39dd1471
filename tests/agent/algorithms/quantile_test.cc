// The quantile Huber loss of TQC (double).
#include <algorithm>
#include <cmath>

#include "agent/algorithms/tqc.h"
#include "tests/support/catch.h"
#include "tests/support/finite_difference.h"

using namespace nabla;
using namespace nabla::agent;
using nabla::test::CentralDifferences;
using nabla::test::RelativeError;

namespace {

constexpr Index kQuantiles = 7, kTargets = 9;

Vector Levels(Index m) {
  return (Vector::LinSpaced(m, 0, static_cast<double>(m - 1)).array() + 0.5) / m;
}

// The formula of the paper, one pair at a time.
double Loss(const Vector& levels, const Vector& theta, const Vector& y) {
  double sum = 0;
  for (Index m = 0; m < theta.size(); ++m) {
    for (Index j = 0; j < y.size(); ++j) {
      const double delta = y[j] - theta[m];
      const double huber = std::fabs(delta) <= 1 ? delta * delta / 2 : std::fabs(delta) - 0.5;
      sum += std::fabs(levels[m] - (delta < 0 ? 1 : 0)) * huber;
    }
  }
  return sum;
}

}  // namespace

TEST_CASE("quantile Huber loss: value and slope", "[agent][laws]") {
  const Vector levels = Levels(kQuantiles);
  const Vector theta = 2 * Vector::Random(kQuantiles), y = 2 * Vector::Random(kTargets);
  Vector losses(kQuantiles), cotangent(kQuantiles);
  const double weight = 0.3;
  REQUIRE(QuantileHuber(levels, theta.data(), y.data(), kTargets, weight, losses.data(),
                        cotangent.data()) == Approx(weight * Loss(levels, theta, y)));
  const auto loss = [&](const Eigen::VectorXd& at) {
    return Eigen::VectorXd::Constant(1, weight * Loss(levels, at, y));
  };
  REQUIRE(RelativeError(cotangent.transpose(), CentralDifferences(loss, theta, 1e-5)) < 1e-5);
}

TEST_CASE("quantile Huber loss: its minimum is at the quantiles of a wide distribution",
          "[agent]") {
  // For targets that are far apart, the Huber loss is the quantile loss.
  constexpr Index kMany = 1000;
  const Vector levels = Levels(5), y = Vector::LinSpaced(kMany, 0, 1000);
  Vector theta = Vector::Constant(5, 500), losses(5), cotangent(5);
  for (int step = 0; step < 4000; ++step) {
    QuantileHuber(levels, theta.data(), y.data(), kMany, 1.0 / kMany, losses.data(),
                  cotangent.data());
    theta -= 5 * cotangent;
  }
  for (Index m = 0; m < 5; ++m) REQUIRE(theta[m] == Approx(1000 * levels[m]).margin(3));
}
