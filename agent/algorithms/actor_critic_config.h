// ActorCriticConfig: the keys that all algorithms share.
#pragma once

#include "agent/learning/learner.h"
#include "agent/policy/refine.h"

namespace nabla::agent {

struct ActorCriticConfig {
  nn::NetworkConfig actor{.hidden = {256, 256}, .activation = "relu"};
  nn::NetworkConfig critic{.hidden = {256, 256}, .activation = "relu"};
  double actor_learning_rate = 1e-3;
  double critic_learning_rate = 1e-3;
  OptimizerConfig optimizer;
  int batch_size = 256;
  double gamma = 0.99;
  double polyak_rate = 0.005;
  RefineConfig refine;

  template <class Archive>
  void VisitShared(Archive& ar, const char* about_actor, const char* about_critic) {
    ar("actor", actor, about_actor);
    ar("critic", critic, about_critic);
    ar("actor_learning_rate", actor_learning_rate, "Learning rate of the actor").Above(0);
    ar("critic_learning_rate", critic_learning_rate, "Learning rate of the critics").Above(0);
    ar("optimizer", optimizer, "Optimizer of all networks");
    ar("batch_size", batch_size, "Transitions per gradient update").Between(1, 1 << 20);
    ar("gamma", gamma, "Discount factor per step").Between(0, 1);
    ar("polyak_rate", polyak_rate,
       "Rate tau of the target networks, theta' <- (1 - tau) theta' + tau theta")
        .Between(0, 1);
    refine.Visit(ar);
  }
};

}  // namespace nabla::agent
