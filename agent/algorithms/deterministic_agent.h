// DeterministicAgent: what DDPG and TD3 share: an actor μ_θ(s) with a target that follows, and the
// exploration noise that the trainer adds to it.
#pragma once

#include "agent/algorithms/actor_critic.h"
#include "agent/learning/deterministic_actor.h"
#include "agent/learning/learner.h"
#include "agent/learning/noise.h"
#include "agent/learning/workers.h"

namespace nabla::agent {

struct DeterministicConfig : ActorCriticConfig {
  NoiseConfig exploration;
  ActorUpdateConfig actor_update;

  template <class Archive>
  void VisitDeterministic(Archive& ar) {
    VisitCommon(ar, "Policy network mu(s), tanh output", "Each of the value networks Q(s, a)");
    ar("exploration", exploration, "Noise on the action while exploring");
    actor_update.Visit(ar);
  }
};

class DeterministicAgent : public ActorCritic {
 public:
  ActTape MakeActTape(Index n) const override;
  void Act(const ConstMatrixRef& observation, Mode mode, Rng& rng, ActTape& tape,
           MatrixRef action) const override;
  const NoiseConfig* exploration_noise() const override { return &exploration_; }
  double ValueBound(double reward) const override { return reward / (1 - gamma()); }
  std::vector<NamedNetwork> Inspect() const override;
  void Networks(const StateArchive& archive) override;
  void State(const StateArchive& archive) override;

 protected:
  DeterministicAgent(const DeterministicConfig& config, const Critics::Options& critics,
                     Rng& initialization, Workers& workers);

  void SetProgress(double progress);
  // Q_i towards y = r + discount · Q'(s', a') at the batch's next_action, Q' the targets as one.
  void LearnCritics(Batch& batch, Rng& rng);
  // The actor's step, after which all targets follow.
  void LearnActor(Batch& batch);

  Learner actor_;
  Target actor_target_;
  Critics critics_;

 private:
  const NoiseConfig exploration_;
  const ActorUpdateConfig actor_update_;
  Matrix y_;        // [1, B] temporal-difference target
  Matrix scratch_;  // [a, B]
};

}  // namespace nabla::agent
