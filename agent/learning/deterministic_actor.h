// DeterministicActor: the target action and the update of a deterministic policy μ(s), as in TD3
// and DDPG, by the deterministic policy gradient or by regression to improved actions.
#pragma once

#include <array>

#include "agent/learning/critics.h"
#include "agent/learning/learner.h"
#include "agent/learning/update_metrics.h"

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
        .Between(1, 1000);
    ar("improvement_rate", improvement_rate,
       "Step size of action_improvement: action (in [-1, 1]) per gradient of Q")
        .Above(0)
        .Between(0, 1e6);
  }
};

class DeterministicActor {
 public:
  // `network` is μ. It belongs to the policy and must outlive the actor.
  DeterministicActor(nn::Network& network, std::unique_ptr<Optimizer> optimizer, Index batch,
                     const ActorUpdateConfig& config = {});

  void SetProgress(double progress) { learner_.SetProgress(progress); }

  // a' = clip(μ'(s') + clip(ε, ±c), ±1), ε ~ N(0, σ²)     (Fujimoto et al. 2018, eq. 14)
  // Assigned to the next_action rows of the batch.
  void TargetAction(double sigma, double clip, Rng& rng, Batch& batch);

  // One optimiser step. policy_gradient ascends J = 1/B Σ_b Q(s_b, μ(s_b)) by
  //
  //   ∇_θ J = 1/B Σ_b ∇_a Q(s_b, a)|_{a = μ(s_b)} J_μ(s_b)
  //
  // action_improvement descends 1/B Σ_b ½ ‖μ(s_b) − aᵏ_b‖² instead, with
  //
  //   a⁰ = μ(s),   aⁱ⁺¹ = clip(aⁱ + η ∇_a Q(s, aⁱ), ±1)
  //
  // With one step inside the bounds, its direction is that of the policy gradient. Reports J and
  // leaves μ(s) before the step in the action rows of the batch.
  void Learn(Critics& critics, Batch& batch, UpdateMetrics& metrics);

  // μ' ← (1 − τ) μ' + τ μ in the parameters.
  void Follow(double tau) { target_.Follow(*network_, tau); }

  void SerializeTarget(const StateArchive& archive) {
    SerializeNetwork(archive, "actor_target", target_.network());
  }
  void SerializeOptimizer(const StateArchive& archive) {
    learner_.Serialize(archive.Group("actor"));
  }

 private:
  void Improve(Critics& critics, Batch& batch);

  ActorUpdateConfig config_;
  nn::Network* network_;
  Learner learner_;
  Target target_;           // μ'
  Matrix action_gradient_;  // −1/B ∇_a Q(s, μ(s))   [a, B]
  Matrix proposed_;         // [a, B], work memory of action_improvement
  Matrix cotangent_;        // of the distance to the improved actions   [a, B]
};

}  // namespace nabla::agent
