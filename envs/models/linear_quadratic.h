// LinearQuadratic: any linear system with a quadratic cost; DoubleIntegrator is its simplest case.
//
//   x' = A x + B u,   u = clip(a, ±action_bound)
//   r  = −(xᵀ Q x + uᵀ R u)     of the state before the step
//   o  = x
//
// Start: every xᵢ uniform in ±start. Never terminates. The optimum is known (riccati.h); tests
// compare a learned gain and cost to it.
//
// LinearQuadratic's default A is the unstable Laplacian of Dean, Mania, Matni, Recht & Tu (2020),
// "On the sample complexity of the linear quadratic regulator", section 6, with B = Q = R = I
// (there Q = 0.001 I, whose gain of 0.03 is too small to test a learner with).
//
// Kink: the clip of the action (bounds count as inside).
#pragma once

#include <string>

#include "envs/core/environment.h"
#include "envs/models/riccati.h"

namespace nabla::envs {

class LinearQuadratic : public Environment, public Differentiable {
 public:
  struct Problem {
    std::string name;
    Matrix A;          // [n, n]
    Matrix B;          // [n, m]
    Matrix Q;          // [n, n] symmetric, positive semidefinite
    Matrix R;          // [m, m] symmetric, positive definite
    double start = 1;  // half the width of the range of initial states
    double action_bound = 1;
    double time_step = 0.1;  // s
    int step_limit = 100;
  };

  // Throws std::invalid_argument for sizes that do not fit or a cost that is not convex.
  explicit LinearQuadratic(Problem problem);
  static Problem UnstableLaplacian();
  static Problem DoubleIntegrator();

  const Problem& problem() const { return problem_; }
  LinearQuadraticOptimum Optimum(double discount = 1) const {
    return SolveRiccati(problem_.A, problem_.B, problem_.Q, problem_.R, discount);
  }
  // The mean over the initial states of the optimal cost Σ_k γ^k (xᵀQx + uᵀRu): start²/3 · trace P.
  double MeanOptimalCost(double discount = 1) const;

  const Spec& spec() const override { return spec_; }
  void Reset(Rng& rng, VectorRef observation) override;
  StepResult Step(const ConstVectorRef& action, VectorRef observation) override;
  void Observe(VectorRef observation) const override;
  Vector State() const override { return x_; }
  void SetState(const ConstVectorRef& state) override;
  const Differentiable* differentiable() const override { return this; }
  void Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                   StepDerivatives& out) const override;
  // A, B, Q, R row by row, and start, action_bound. A sets the number of states n and B the number
  // of actions, so that all four together give a system of any size. If n changes, the state is 0.
  std::vector<Parameter> Parameters() const override;
  void SetParameters(const ParameterValues& values) override;
  void Draw(Canvas& canvas, const ConstVectorRef& action) const override;
  std::string Description() const override;
  std::unique_ptr<Environment> Clone() const override {
    return std::make_unique<LinearQuadratic>(*this);
  }

 private:
  void Check(const char* what, const ConstVectorRef& values, Eigen::Index size) const;

  Problem problem_;
  Spec spec_;
  Vector x_;     // [n]
  Vector next_;  // [n] scratch
  Vector u_;     // [m] scratch
};

}  // namespace nabla::envs
