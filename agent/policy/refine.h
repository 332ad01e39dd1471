// Refinement: gradient ascent on the critic moves the policy's action towards a local maximum of Q
// before the action is applied (docs/algorithms.md):
//
//   u ← clip(u + η ∇_u Q(x, u), ±1)       refine_steps times, η = refine_rate
//
// Q is the first critic, or its expectation if the critic gives quantiles. x is the (normalised)
// observation that the networks see, and u is the action in [−1, 1].
#pragma once

#include <array>

#include "agent/state/types.h"
#include "nn/network/network.h"

namespace nabla::agent {

enum class Mode {
  kExplore,  // a stochastic policy draws its action; the trainer adds noise to a deterministic one
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
       "When to refine actions by gradient ascent on the critic; evaluation: not while exploring");
    ar("refine_steps", refine_steps, "Number of ascent steps of the refinement").Between(1, 1000);
    ar("refine_rate", refine_rate,
       "Step size of the refinement: action (in [-1, 1]) per gradient of Q")
        .Above(0)
        .Between(0, 1e6);
  }

  bool Wanted() const { return refine != RefineWhen::kNever; }
  bool Wanted(Mode mode) const {
    return refine == RefineWhen::kAlways ||
           (refine == RefineWhen::kEvaluation && mode == Mode::kExploit);
  }
};

// Work memory for n actions at a time.
struct RefineTape {
  RefineTape() = default;
  // `derivative`: for a Refine with du_dx.
  RefineTape(const nn::Network& critic, Index action_size, Index n, bool derivative = false);

  nn::Tape critic;
  Matrix input;      // [x; u]  [o + a, n]
  Matrix cotangent;  // 1/m     [m, n], m = number of outputs of the critic
  Matrix gradient;   // ∇_u Q   [a, n]
};

// Refines u [a, n], the actions that the policy proposes for x [o, n], in place. With du_dx [a, o],
// all n = o columns are the same sample, and du_dx is ∂u/∂x of the proposed action on entry and of
// the refined action on return:
//   ∂u/∂x ← 1(|u| ≤ 1) ∘ (∂u/∂x + η (Q_ux + Q_uu ∂u/∂x))
void Refine(const RefineConfig& config, const nn::Network& critic, const ConstMatrixRef& x,
            RefineTape& tape, MatrixRef u, Matrix* du_dx = nullptr);

}  // namespace nabla::agent
