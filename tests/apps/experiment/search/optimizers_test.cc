// CMA-ES and TPE on functions with a known minimum, and their invariances.
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>

#include "apps/experiment/search/cma_es.h"
#include "apps/experiment/search/sampler.h"
#include "tests/support/catch.h"

namespace nabla::experiment {
namespace {

using Eigen::VectorXd;

double Sphere(const VectorXd& x) { return x.squaredNorm(); }

double Rosenbrock(const VectorXd& x) {
  double sum = 0;
  for (Eigen::Index i = 0; i + 1 < x.size(); ++i) {
    sum += 100 * std::pow(x[i + 1] - x[i] * x[i], 2) + std::pow(1 - x[i], 2);
  }
  return sum;
}

// Axes of very different lengths: Σ 10^(4 i / (n − 1)) x_i².
double Ellipsoid(const VectorXd& x) {
  double sum = 0;
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    sum += std::pow(1e4, static_cast<double>(i) / static_cast<double>(x.size() - 1)) * x[i] * x[i];
  }
  return sum;
}

// Generations of `cma`; the best value of the last one.
template <class Function>
double Minimize(CmaEs& cma, int generations, const Function& function) {
  double best = 0;
  for (int g = 0; g < generations; ++g) {
    const Eigen::MatrixXd& candidates = cma.Ask();
    std::vector<double> values;
    for (const auto& x : candidates.colwise()) values.push_back(function(x));
    best = *std::min_element(values.begin(), values.end());
    cma.Tell(values);
  }
  return best;
}

TEST_CASE("CMA-ES finds the minimum of sphere, ellipsoid and Rosenbrock's valley") {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    CmaEs sphere(VectorXd::Constant(8, 3), 1, seed);
    CHECK(Minimize(sphere, 200, Sphere) < 1e-10);
    CmaEs ellipsoid(VectorXd::Constant(6, 3), 1, seed);
    CHECK(Minimize(ellipsoid, 300, Ellipsoid) < 1e-8);
    // The covariance approximates the inverse Hessian up to a factor.
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(ellipsoid.covariance());
    CHECK(solver.eigenvalues().minCoeff() > 0);
    const double condition = solver.eigenvalues().maxCoeff() / solver.eigenvalues().minCoeff();
    CHECK(condition > 1e3);
    CHECK(condition < 1e5);
    CmaEs rosenbrock(VectorXd::Zero(5), 0.5, seed);
    CHECK(Minimize(rosenbrock, 500, Rosenbrock) < 1e-8);
    CHECK((rosenbrock.mean() - VectorXd::Ones(5)).norm() < 1e-3);
  }
}

TEST_CASE("CMA-ES comes close to the minimum despite noise and failures") {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    Rng rng(seed, "noise");
    CmaEs cma(VectorXd::Constant(4, 2), 0.5, seed, 20);
    Minimize(cma, 100, [&](const VectorXd& x) {
      if (rng.Uniform() < 0.1) return std::numeric_limits<double>::infinity();
      return Sphere(x) * (1 + 0.3 * rng.Normal());
    });
    CHECK(cma.mean().norm() < 0.05);
  }
}

TEST_CASE("CMA-ES depends only on the order of the values, and is translation invariant") {
  CmaEs plain(VectorXd::Constant(3, 1), 0.5, 7);
  CmaEs warped(VectorXd::Constant(3, 1), 0.5, 7);
  CmaEs moved(VectorXd::Constant(3, 11), 0.5, 7);
  for (int g = 0; g < 40; ++g) {
    Minimize(plain, 1, Rosenbrock);
    Minimize(warped, 1, [](const VectorXd& x) { return std::atan(std::log1p(Rosenbrock(x))); });
    Minimize(moved, 1, [](const VectorXd& x) { return Rosenbrock(x.array() - 10); });
    CHECK(warped.candidates() == plain.candidates());
    CHECK((moved.mean().array() - 10 - plain.mean().array()).abs().maxCoeff() < 1e-6);
  }
}

TEST_CASE("A Parzen density integrates to one and is the density of its draws") {
  for (const Coordinate& coordinate : {Coordinate{0}, Coordinate{4}}) {
    const Parzen parzen(coordinate, {0.05, 0.1, 0.12, 0.9});
    constexpr int kCells = 2000;
    std::vector<double> cumulative = {0};
    for (int i = 0; i < kCells; ++i) {
      cumulative.push_back(cumulative.back() + parzen.Density((i + 0.5) / kCells) / kCells);
    }
    CHECK(cumulative.back() == Approx(1).epsilon(1e-4));
    Rng rng(3);
    constexpr int kDraws = 20'000;
    std::vector<int> below(5);
    for (int i = 0; i < kDraws; ++i) {
      const double u = parzen.Draw(rng);
      REQUIRE((u >= 0 && u < 1));
      for (std::size_t part = 1; part <= 4; ++part) {
        below[part] += u < 0.25 * static_cast<double>(part) ? 1 : 0;
      }
    }
    for (std::size_t part = 1; part <= 4; ++part) {
      CHECK(below[part] == Approx(cumulative[part * kCells / 4] * kDraws).margin(4 * 71));
    }
  }
}

// The best score of a search for the maximum in three coordinates, one of them a choice of four.
double BestOf(SearchMethod method, std::uint64_t seed, std::size_t trials) {
  const auto sampler =
      MakeSampler({.method = method, .trials = trials, .seed = seed}, {{0}, {0}, {4}});
  std::vector<Observation> seen;
  double best = -1e9;
  for (std::size_t t = 0; t < trials; ++t) {
    const Point u = sampler->Suggest(t, seen);
    REQUIRE(u.size() == 3);
    for (const double x : u) REQUIRE((x >= 0 && x < 1));
    const double wrong = static_cast<int>(4 * u[2]) == 2 ? 0 : 1;
    const double score = -std::pow(u[0] - 0.3, 2) - std::pow(u[1] - 0.8, 2) - wrong;
    seen.push_back({{t, 0}, u, score});
    best = std::max(best, score);
  }
  return best;
}

TEST_CASE("TPE and CMA-ES come closer to the maximum than random search") {
  double random = 0, hypercube = 0, tpe = 0, cma_es = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    random += BestOf(SearchMethod::kRandom, seed, 80) / 20;
    hypercube += BestOf(SearchMethod::kLatinHypercube, seed, 80) / 20;
    tpe += BestOf(SearchMethod::kTpe, seed, 80) / 20;
    cma_es += BestOf(SearchMethod::kCmaEs, seed, 80) / 20;
  }
  CAPTURE(random, hypercube, tpe, cma_es);
  CHECK(tpe > 0.2 * random);
  CHECK(cma_es > 0.5 * random);
  CHECK(hypercube > 2 * random);
}

TEST_CASE("A Latin hypercube has one trial in each part of every coordinate") {
  constexpr std::size_t kTrials = 17;
  const auto sampler = MakeSampler(
      {.method = SearchMethod::kLatinHypercube, .trials = kTrials, .seed = 3}, {{0}, {0}, {0}});
  std::vector<std::vector<int>> parts(3, std::vector<int>(kTrials));
  for (std::size_t t = 0; t < kTrials; ++t) {
    const Point u = sampler->Suggest(t, {});
    for (std::size_t d = 0; d < 3; ++d) {
      ++parts[d][static_cast<std::size_t>(u[d] * static_cast<double>(kTrials))];
    }
  }
  for (const auto& counts : parts) CHECK(counts == std::vector<int>(kTrials, 1));
  CHECK(parts[0] == parts[1]);
}

TEST_CASE("A score that is NaN counts as the worst") {
  const double infinity = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i < 8; ++i) {
    INFO(i);
    CmaEs with_nan(VectorXd::Constant(3, 1), 0.5, 7, 8);
    CmaEs with_infinity(VectorXd::Constant(3, 1), 0.5, 7, 8);
    std::vector<double> values = {5, 3, 8, 1, 7, 2, 6, 4};
    values[i] = nan;
    with_nan.Ask();
    with_nan.Tell(values);
    values[i] = infinity;
    with_infinity.Ask();
    with_infinity.Tell(values);
    CHECK(with_nan.mean() == with_infinity.mean());
    CHECK(with_nan.covariance() == with_infinity.covariance());
  }
  // TPE: the trials before the model, one of which diverged.
  const auto suggested = [](std::size_t diverged, double score) {
    const auto sampler =
        MakeSampler({.method = SearchMethod::kTpe, .trials = 40, .seed = 3}, {{0}, {0}});
    std::vector<Observation> seen;
    for (std::size_t t = 0; t < 10; ++t) {
      const double rank = static_cast<double>((7 * t) % 10);
      seen.push_back({{t, 0}, sampler->Suggest(t, seen), t == diverged ? score : rank});
    }
    return sampler->Suggest(10, seen);
  };
  for (std::size_t t = 0; t < 10; ++t) CHECK(suggested(t, nan) == suggested(t, -infinity));
}

TEST_CASE("A search is reproducible, and another seed gives another search") {
  for (const SearchMethod method : {SearchMethod::kRandom, SearchMethod::kLatinHypercube,
                                    SearchMethod::kCmaEs, SearchMethod::kTpe}) {
    INFO(Words(method).at(static_cast<std::size_t>(method)));
    CHECK(BestOf(method, 5, 40) == BestOf(method, 5, 40));
    CHECK(BestOf(method, 5, 40) != BestOf(method, 6, 40));
  }
}

}  // namespace
}  // namespace nabla::experiment
