// What all algorithms share: the keys of their config, and the surroundings of their parts.
#pragma once

#include <memory>

#include "agent/learning/optimizer.h"
#include "agent/learning/workers.h"
#include "agent/policy/action_bounds.h"
#include "agent/policy/refine.h"
#include "envs/core/random.h"
#include "nn/network/network_config.h"

namespace nabla::agent {

// The keys that all algorithms share.
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

// What the parts of an agent are made from. The workers must outlive the agent.
struct AgentContext {
  Index observation_size;
  ActionBounds bounds;
  bool normalize_observations;
  Rng& initialization;
  Workers& workers;
  OptimizerFactory make_optimizer = MakeAdam;

  Index action_size() const { return bounds.size(); }
  std::unique_ptr<Optimizer> NewOptimizer(const ActorCriticConfig& config, double learning_rate,
                                          const nn::Network& network) const {
    return make_optimizer(config.optimizer, learning_rate, network.parameter_count());
  }
};

}  // namespace nabla::agent
