// The verbs of deterministic actors μ_θ(s): DDPG's and TD3's. Each comment is the verb's formula.
#pragma once

#include <string>

#include "agent/learning/critics.h"
#include "agent/learning/learner.h"

namespace nabla::agent {

struct ActorUpdateConfig {
  std::string actor_update = "policy_gradient";
  int improvement_steps = 5;
  double improvement_rate = 0.02;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("actor_update", actor_update,
       "How the actor learns: by the gradient of Q(s, mu(s)), or towards actions that climbed Q")
        .OneOf({"policy_gradient", "action_improvement"});
    ar("improvement_steps", improvement_steps, "Steps of that climb, of action_improvement")
        .Between(1, 10'000);
    ar("improvement_rate", improvement_rate,
       "Its step size, action (in [-1, 1]) by the critic's slope")
        .Above(0);
  }
};

// a' = clip(μ'(s') + clip(ε, ±c), ±1), ε ~ N(0, σ²)     (Fujimoto et al. 2018, eq. 14)
// written into the batch's next_action rows. σ = 0 gives a' = μ'(s').
void SmoothedTargetAction(Target& actor, double sigma, double clip, Rng& rng, Batch& batch);

// One step of the actor, as config.actor_update says. Either way the batch's action rows receive
// μ(s) and action_gradient [a, B] −1/B ∇_a Q(s, μ(s)); scratch is [a, B]. Returns
// J = 1/B Σ_b Q(s_b, μ(s_b)).
double ImproveActor(const ActorUpdateConfig& config, Learner& actor, Critics& critics, Batch& batch,
                    Matrix& action_gradient, Matrix& scratch);

// policy_gradient: up the deterministic policy gradient (Silver et al. 2014, eq. 9),
//   ∇_θ J = 1/B Σ_b ∇_a Q(s_b, a)|_{a = μ(s_b)} J_μ(s_b)
// as one Vjp through the critics to their action rows and one through the actor.
double AscendCritics(Learner& actor, Critics& critics, Batch& batch, Matrix& action_gradient);

// action_improvement: climb Q in the action, then regress the actor to where that ends,
//   a⁰ = μ(s),   aⁱ⁺¹ = clip(aⁱ + η ∇_a Q(s, aⁱ), ±1),   descend 1/B Σ_b ½ ‖μ(s_b) − aᵏ_b‖²
// With one step inside the bounds its direction is that of the deterministic policy gradient.
double RegressToImproved(int steps, double rate, Learner& actor, Critics& critics, Batch& batch,
                         Matrix& action_gradient, Matrix& scratch);

}  // namespace nabla::agent
