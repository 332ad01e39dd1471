// What `nabla inspect` and `nabla linearize` look at: the networks of a run, or of a task file that
// has not been trained yet.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/training/trainer.h"

namespace nabla::apps {

class Policy {
 public:
  // `path` is a run folder, whose `checkpoint` is loaded, or a task file, whose networks are as
  // initialised. Throws InputError or config::Error.
  Policy(const std::string& path, const std::string& checkpoint);

  const std::string& where() const { return where_; }
  const envs::Environment& environment() const { return trainer_->environment(); }
  const std::vector<agent::NamedNetwork>& networks() const { return networks_; }
  const nn::Network& actor() const { return networks_[0].network; }
  const nn::Network& critic() const { return networks_[1].network; }

  // Half the range of each action: ∂(environment's action)/∂(action in [−1, 1])   [action_size]
  envs::Vector ActionScale() const;
  // The environment's own action for a in [−1, 1].
  envs::Vector Scaled(const envs::Vector& action) const;

 private:
  std::string where_;
  agent::Workers workers_{1};
  std::unique_ptr<agent::Trainer> trainer_;
  std::vector<agent::NamedNetwork> networks_;
};

// At one observation o [o]:
struct PolicyDerivatives {
  agent::Vector action;  // μ(o)                     [a], in [−1, 1]
  double q = 0;          // Q(o, μ(o))
  agent::Vector dq_da;   // ∇_a Q                    [a]
  agent::Matrix da_do;   // ∂μ/∂o, the feedback gain [a, o]
};

PolicyDerivatives Differentiate(const Policy& policy, const agent::Vector& observation);

// "1, 2.5,-3" as numbers. Throws InputError that names `what` unless there are `size` finite ones.
envs::Vector ParseNumbers(const std::string& text, Eigen::Index size, std::string_view what);

}  // namespace nabla::apps
