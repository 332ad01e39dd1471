// ActorCritic: what every algorithm here has, and nothing of how it learns: two kinds of networks,
// their step sizes, a batch, a discount, targets that follow, metrics.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/algorithms/agent.h"
#include "agent/learning/critics.h"
#include "agent/learning/optimizer_config.h"
#include "agent/learning/update_metrics.h"
#include "agent/policy/refine.h"
#include "nn/network/network_config.h"

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
  void VisitCommon(Archive& ar, const char* about_actor, const char* about_critic) {
    ar("actor", actor, about_actor);
    ar("critic", critic, about_critic);
    ar("actor_learning_rate", actor_learning_rate, "Adam step size of the actor").Above(0);
    ar("critic_learning_rate", critic_learning_rate, "Adam step size of the critics").Above(0);
    ar("optimizer", optimizer, "What becomes of the gradients of all networks");
    ar("batch_size", batch_size, "Transitions a gradient update").Between(1, 1 << 20);
    ar("gamma", gamma, "Discount factor a step").Between(0, 1);
    ar("polyak_rate", polyak_rate, "tau of the targets, theta' <- (1 - tau) theta' + tau theta")
        .Between(0, 1);
    refine.Visit(ar);
  }

  // Critics with one output, as the config has them.
  Critics::Options CriticOptions(Index observation_size, Index action_size,
                                 const EnsembleConfig& ensemble) const;
};

// What Agent::Inspect shows: the policy, then the critics' expected values.
std::vector<NamedNetwork> PolicyAndCritics(const nn::Network& policy, const Critics& critics);

class ActorCritic : public Agent {
 public:
  int batch_size() const override { return batch_size_; }
  double gamma() const override { return gamma_; }
  double TargetSize() const override { return metrics_.target_size(); }
  std::vector<Metric>& metrics() override { return metrics_.list(); }
  const std::vector<Metric>& metrics() const override { return metrics_.list(); }

 protected:
  // `own`: the names of the metrics beyond the shared ones.
  ActorCritic(const ActorCriticConfig& config, Index action_size,
              const std::vector<std::string>& own = {});

  const RefineConfig refine_;
  const double polyak_rate_;
  Matrix action_gradient_;    // [a, B]
  std::int64_t updates_ = 0;  // of the critics
  UpdateMetrics metrics_;

 private:
  const int batch_size_;
  const double gamma_;
};

}  // namespace nabla::agent
