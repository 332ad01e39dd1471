// Refinement: an action climbs the critic before it is taken, so that the policy's proposal becomes
// a local maximum of what the critic knows (docs/algorithms.md):
//
//   u ← clip(u + η ∇_u Q(x, u), ±1)       refine_steps times, η = refine_rate
//
// Q is the first critic; of a distribution of returns, its expectation. x is the observation that
// the networks see, u the action in [−1, 1].
#pragma once

#include <array>

#include "agent/state/types.h"
#include "nn/network/network.h"

namespace nabla::agent {

enum class Mode {
  kExplore,  // a stochastic policy draws its action; a deterministic one leaves the noise to others
  kExploit,  // deterministic
};

enum class RefineWhen { kNever, kEvaluation, kAlways };
constexpr std::array<const char*, 3> Words(RefineWhen) { return {"never", "evaluation", "always"}; }

struct RefineConfig {
  RefineWhen refine = RefineWhen::kNever;
  int refine_steps = 10;
  double refine_rate = 0.02;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("refine", refine,
       "When actions climb the critic before they are taken; evaluation: not while exploring");
    ar("refine_steps", refine_steps, "Steps of that climb").Between(1, 10'000);
    ar("refine_rate", refine_rate, "Step size of that climb, action (in [-1, 1]) per slope of Q")
        .Above(0);
  }

  bool Wanted() const { return refine != RefineWhen::kNever; }
  bool Wanted(Mode mode) const {
    return refine == RefineWhen::kAlways ||
           (refine == RefineWhen::kEvaluation && mode == Mode::kExploit);
  }
};

// Scratch for n actions at a time.
struct RefineTape {
  RefineTape() = default;
  RefineTape(const nn::Network& critic, Index action_size, Index n);

  nn::Tape critic;
  Matrix input;      // [x; u]  [o + a, n]
  Matrix cotangent;  // 1/m     [m, n], m the critic's outputs
  Matrix gradient;   // ∇_u Q   [a, n]
};

// Climbs u [a, n], proposals for x [o, n].
void Refine(const RefineConfig& config, const nn::Network& critic, const ConstMatrixRef& x,
            RefineTape& tape, MatrixRef u);

// The same for one sample, x [o] and u [a], with its derivative: du_dx [a, o] is ∂u/∂x of the
// proposal and becomes that of the refined action,
//   ∂u/∂x ← 1(|u| < 1) ∘ (∂u/∂x + η (Q_ux + Q_uu ∂u/∂x))
// by Hessian products, one column of x at a time side by side.
void RefineWithDerivative(const RefineConfig& config, const nn::Network& critic, const Vector& x,
                          Vector& u, Matrix& du_dx);

}  // namespace nabla::agent
