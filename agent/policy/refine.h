// Refinement: climbing the critic in the action before acting, so that the policy's proposal
// becomes a local maximum of what the critic knows (docs/algorithms.md):
//
//   a ← clip(a + η ∇_a Q(s, a), ±1)       `refine_steps` times, η = refine_rate
//
// Q the first critic, its expectation where it is a distribution.
#pragma once

#include <string>

#include "agent/algorithms/agent.h"

namespace nabla::agent {

struct RefineConfig {
  std::string refine = "never";
  int refine_steps = 10;
  double refine_rate = 0.02;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("refine", refine,
       "When actions climb the critic before they are taken: evaluation means not "
       "while exploring")
        .OneOf({"never", "evaluation", "always"});
    ar("refine_steps", refine_steps, "Steps of that climb").Between(1, 10'000);
    ar("refine_rate", refine_rate, "Its step size, action (in [-1, 1]) by the critic's slope")
        .Above(0);
  }

  bool Wanted() const { return refine != "never"; }
  bool Wanted(Mode mode) const {
    return refine == "always" || (refine == "evaluation" && mode == Mode::kExploit);
  }
};

ActTape NewActTape(const nn::Network& actor, const nn::Network& critic, const RefineConfig& config,
                   Index n);

// action [a, n], a proposal for observation [o, n], is climbed if the mode asks for it.
void Refine(const RefineConfig& config, const nn::Network& critic,
            const ConstMatrixRef& observation, Mode mode, ActTape& tape, MatrixRef action);

}  // namespace nabla::agent
