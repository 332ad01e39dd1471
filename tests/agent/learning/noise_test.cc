// Exploration noise has the moments of its formula, with one process per environment.
#include "agent/learning/noise.h"

#include <algorithm>
#include <cmath>

#include "tests/support/catch.h"

using namespace nabla;
using namespace nabla::agent;

namespace {

constexpr int kSteps = 200'000;

// The noise of environment 0, for an action far from its bounds.
Eigen::VectorXd Record(const NoiseConfig& config) {
  ExplorationNoise noise(config, 2, 3);
  Rng rng(1);
  Eigen::VectorXd values(kSteps);
  for (int t = 0; t < kSteps; ++t) {
    Matrix action = Matrix::Zero(2, 3);
    noise.AddTo(rng, action);
    values[t] = action(0, 0);
  }
  return values;
}

double Autocorrelation(const Eigen::VectorXd& x, Index lag) {
  const Index n = x.size() - lag;
  return x.head(n).dot(x.tail(n)) / x.head(n).squaredNorm();
}

double Deviation(const Eigen::VectorXd& x) {
  return std::sqrt(x.squaredNorm() / static_cast<double>(x.size()));
}

}  // namespace

TEST_CASE("noise: gaussian noise is independent from step to step", "[agent]") {
  const Eigen::VectorXd n = Record({GaussianNoise{.sigma = 0.2}});
  CHECK(n.mean() == Approx(0).margin(0.003));
  CHECK(Deviation(n) == Approx(0.2).epsilon(0.01));
  CHECK(Autocorrelation(n, 1) == Approx(0).margin(0.01));
}

TEST_CASE("noise: Ornstein-Uhlenbeck has the moments of its recursion for any dt", "[agent]") {
  for (const double dt : {0.1, 1.0}) {
    const OrnsteinUhlenbeckNoise process{.sigma = 0.1, .theta = 0.15, .dt = dt};
    const Eigen::VectorXd n = Record({process});
    const double keep = 1 - process.theta * dt;
    CAPTURE(dt);
    CHECK(n.mean() == Approx(0).margin(0.02));
    CHECK(Deviation(n) == Approx(process.sigma * std::sqrt(dt / (1 - keep * keep))).epsilon(0.05));
    CHECK(Autocorrelation(n, 1) == Approx(keep).margin(0.01));
    CHECK(Autocorrelation(n, 10) == Approx(std::pow(keep, 10)).margin(0.05));
    // The first step is σ √dt ε, not a sample of the stationary process: about 0.05 for σ 0.5, dt
    // 0.01.
    double sum = 0;
    for (std::uint64_t seed = 0; seed < 2000; ++seed) {
      ExplorationNoise fresh({process}, 1, 1);
      Rng rng(seed);
      Matrix action = Matrix::Zero(1, 1);
      fresh.AddTo(rng, action);
      sum += static_cast<double>(action.squaredNorm());
    }
    CHECK(std::sqrt(sum / 2000) == Approx(process.sigma * std::sqrt(dt)).epsilon(0.05));
  }
}

TEST_CASE("noise: the end of an episode resets the noise of its environment only", "[agent]") {
  ExplorationNoise noise({OrnsteinUhlenbeckNoise{.sigma = 0.02, .theta = 0, .dt = 1}}, 1, 2);
  Rng rng(5);
  Matrix action(1, 2), other_action(1, 2);
  for (int t = 0; t < 100; ++t) {
    action.setZero();
    noise.AddTo(rng, action);
  }
  ExplorationNoise other = noise;
  Rng other_rng = rng;
  noise.Reset(0);
  const double before = static_cast<double>(action(0, 0));
  action.setZero(), other_action.setZero();
  noise.AddTo(rng, action);
  other.AddTo(other_rng, other_action);
  REQUIRE(static_cast<double>(other_action(0, 0) - action(0, 0)) == Approx(before).epsilon(1e-5));
  REQUIRE(action(0, 1) == other_action(0, 1));
}

TEST_CASE("noise: actions stay in their bounds", "[agent]") {
  for (const NoiseConfig& config :
       {NoiseConfig{GaussianNoise{.sigma = 3}}, NoiseConfig{OrnsteinUhlenbeckNoise{.dt = 1}}}) {
    ExplorationNoise noise(config, 2, 4);
    Rng rng(2);
    double largest = 0;
    for (int t = 0; t < 200; ++t) {
      Matrix action = Matrix::Constant(2, 4, Real(0.9));
      noise.AddTo(rng, action);
      largest = std::max(largest, static_cast<double>(action.cwiseAbs().maxCoeff()));
    }
    REQUIRE(largest == 1);
  }
}
