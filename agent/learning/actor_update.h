// What deterministic actors μ(s) have beyond one line: the smoothed target action, and the update
// towards actions that climbed the critic.
#pragma once

#include <array>

#include "agent/learning/critics.h"
#include "agent/learning/learner.h"

namespace nabla::agent {

enum class ActorUpdate { kPolicyGradient, kActionImprovement };
constexpr std::array<const char*, 2> Words(ActorUpdate) {
  return {"policy_gradient", "action_improvement"};
}

struct ActorUpdateConfig {
  ActorUpdate actor_update = ActorUpdate::kPolicyGradient;
  int improvement_steps = 5;
  double improvement_rate = 0.02;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("actor_update", actor_update,
       "How the actor learns: by the gradient of Q(s, mu(s)), or towards actions that climbed Q");
    ar("improvement_steps", improvement_steps, "Steps of that climb, of action_improvement")
        .Between(1, 10'000);
    ar("improvement_rate", improvement_rate,
       "Step size of that climb, action (in [-1, 1]) per slope of Q")
        .Above(0);
  }
};

// a' = clip(μ'(s') + clip(ε, ±c), ±1), ε ~ N(0, σ²)     (Fujimoto et al. 2018, eq. 14)
// written into the batch's next_action rows.
void SmoothedTargetAction(Target& actor, double sigma, double clip, Rng& rng, Batch& batch);

// ∂/∂μ of the distance to improved actions, the cotangent of the actor's step:
//
//   a⁰ = μ(s),   aⁱ⁺¹ = clip(aⁱ + η ∇_a Q(s, aⁱ), ±1),   1/B Σ_b ½ ‖μ(s_b) − aᵏ_b‖²
//
// μ(s) stands in the batch's action rows before and after; gradient [a, B] = −1/B ∇_a Q(s, μ(s)) is
// there already, as Critics::DescendInAction gives it. `proposed` [a, B] is scratch, the result
// lies in `cotangent` [a, B]. With one step inside the bounds its direction is that of the policy
// gradient.
const Matrix& TowardsImproved(const ActorUpdateConfig& config, Critics& critics, Batch& batch,
                              const Matrix& gradient, Matrix& proposed, Matrix& cotangent);

}  // namespace nabla::agent
