// Parts of the update of deterministic actors μ(s): the smoothed target action of TD3, and
// regression to improved actions.
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
       "Update of the actor: ascent on Q(s, mu(s)), or regression to actions improved on Q");
    ar("improvement_steps", improvement_steps, "Number of ascent steps of action_improvement")
        .Between(1, 10'000);
    ar("improvement_rate", improvement_rate,
       "Step size of action_improvement: action (in [-1, 1]) per gradient of Q")
        .Above(0);
  }
};

// a' = clip(μ'(s') + clip(ε, ±c), ±1), ε ~ N(0, σ²)     (Fujimoto et al. 2018, eq. 14)
// Assigned to the next_action rows of the batch.
void SmoothedTargetAction(Target& actor, double sigma, double clip, Rng& rng, Batch& batch);

// The cotangent of the actor's step towards improved actions, which is ∂/∂μ of their distance:
//
//   a⁰ = μ(s),   aⁱ⁺¹ = clip(aⁱ + η ∇_a Q(s, aⁱ), ±1),   1/B Σ_b ½ ‖μ(s_b) − aᵏ_b‖²
//
// The action rows of the batch hold μ(s) on entry and on return. gradient [a, B] =
// −1/B ∇_a Q(s, μ(s)) is the result of Critics::DescendInAction. `proposed` [a, B] is work memory.
// Returns `cotangent` [a, B]. With one step inside the bounds, its direction is that of the
// deterministic policy gradient.
const Matrix& TowardsImproved(const ActorUpdateConfig& config, Critics& critics, Batch& batch,
                              const Matrix& gradient, Matrix& proposed, Matrix& cotangent);

}  // namespace nabla::agent
