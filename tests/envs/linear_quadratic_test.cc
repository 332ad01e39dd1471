// The linear-quadratic tasks and their known optimum.
#include "envs/models/linear_quadratic.h"

#include <cmath>

#include "envs/registry/registry.h"
#include "tests/support/catch.h"

namespace nabla::envs {
namespace {

// Σ γ^k cost of u = −K x from `start` over `steps`.
double CostOf(LinearQuadratic& environment, const Matrix& gain, const Vector& start, int steps,
              double discount) {
  environment.SetState(start);
  Vector x = start;
  double cost = 0, weight = 1;
  for (int i = 0; i < steps; ++i) {
    cost -= weight * environment.Step(-(gain * x), x).reward;
    weight *= discount;
  }
  return cost;
}

}  // namespace

TEST_CASE("the scalar Riccati equation has the golden ratio", "[envs]") {
  const Matrix one = Matrix::Ones(1, 1);
  const double golden = (1 + std::sqrt(5.0)) / 2;
  const LinearQuadraticOptimum optimum = SolveRiccati(one, one, one, one);
  CHECK(optimum.cost(0, 0) == Approx(golden).epsilon(1e-12));
  CHECK(optimum.gain(0, 0) == Approx(golden / (1 + golden)).epsilon(1e-12));
}

TEST_CASE("the Riccati gain is optimal and its cost is the simulated one", "[envs]") {
  Rng rng(3);
  for (const auto& problem :
       {LinearQuadratic::UnstableLaplacian(), LinearQuadratic::DoubleIntegrator()}) {
    for (const double discount : {1.0, 0.98}) {
      INFO(problem.name << " discount " << discount);
      LinearQuadratic environment(problem);
      const auto [gain, cost] = environment.Optimum(discount);
      const Eigen::Index n = problem.A.rows();
      double mean = 0;
      constexpr int kStarts = 200;
      for (int start = 0; start < kStarts; ++start) {
        Vector x(n);
        environment.Reset(rng, x);
        const double paid = CostOf(environment, gain, x, 400, discount);
        mean += paid / kStarts;
        CHECK(paid == Approx(x.dot(cost * x)).epsilon(1e-6));
        // No action is clipped at the bounds, and another gain costs more.
        CHECK((gain * x).cwiseAbs().maxCoeff() <= problem.action_bound);
        Matrix other = gain;
        other(0, start % n) += start % 2 == 0 ? 0.05 : -0.05;
        CHECK(CostOf(environment, other, x, 400, discount) > paid - 1e-12);
      }
      CHECK(mean == Approx(environment.MeanOptimalCost(discount)).epsilon(0.2));
    }
  }
}

TEST_CASE("any system can be given as parameters", "[envs]") {
  const auto environment = Make("LinearQuadratic");
  environment->SetParameters({{"A", {1, 0.1, 0, 1}},
                              {"B", {0.005, 0.1}},
                              {"Q", {1, 0, 0, 0.1}},
                              {"R", {0.1}},
                              {"action_bound", {6}}});
  const auto integrator = Make("DoubleIntegrator");
  CHECK(environment->spec().state_size == 2);
  CHECK(environment->spec().action_size == 1);
  CHECK(environment->spec().action_high == integrator->spec().action_high);
  Vector a(2), b(2);
  environment->SetState(Vector{{1, -1}});
  integrator->SetState(Vector{{1, -1}});
  CHECK(environment->Step(Vector::Constant(1, 2), a).reward ==
        Approx(integrator->Step(Vector::Constant(1, 2), b).reward));
  CHECK((a - b).norm() < 1e-15);

  const std::pair<ParameterValues, const char*> bad[] = {
      {{{"A", {1, 2, 3}}}, "parameter A"},
      {{{"A", {1, 0, 0, 1}}, {"B", {1, 2, 3}}}, "parameter B"},
      {{{"Q", {1, 0, 0}}}, "parameter Q"},
      {{{"Q", {1, 0.5, 0, 1}}}, "Q must be symmetric"},
      {{{"Q", {-1, 0, 0, 1}}}, "positive semidefinite"},
      {{{"R", {0}}}, "positive definite"},
      {{{"R", {1, 0, 0, 1}}}, "R must be square"},
      {{{"A", {NAN, 0, 0, 1}}}, "within"},
      {{{"start", {0}}}, "start"},
      {{{"start", {1, 2}}}, "one number"},
      {{{"S", {1}}}, "unknown parameter 'S'"},
  };
  const Vector state = environment->State();
  for (const auto& [values, message] : bad) {
    CHECK_THROWS_WITH(environment->SetParameters(values), test::ContainsText(message));
    CHECK(environment->State() == state);
  }
}

TEST_CASE("a system that cannot be stabilised has no optimum", "[envs]") {
  const Matrix A{{1.1, 0}, {0, 0.5}}, B{{0}, {1}};
  CHECK_THROWS_WITH(SolveRiccati(A, B, Matrix::Identity(2, 2), Matrix::Identity(1, 1)),
                    test::ContainsText("does not converge"));
}

}  // namespace nabla::envs
