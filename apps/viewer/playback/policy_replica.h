// PolicyReplica: a policy that the viewer acts with, in its own thread, exploration included.
#pragma once

#include <memory>
#include <optional>

#include "agent/learning/noise.h"
#include "agent/run/saved_policy.h"

namespace nabla::viewer {

using agent::Index;
using agent::Matrix;

class PolicyReplica {
 public:
  // The policy of a task before it has learned.
  explicit PolicyReplica(const agent::TaskConfig& config);
  PolicyReplica(const PolicyReplica&) = delete;
  PolicyReplica& operator=(const PolicyReplica&) = delete;

  // `saved` is of the same task.
  void Load(std::shared_ptr<const agent::SavedPolicy> saved) { saved_ = std::move(saved); }
  const std::shared_ptr<const agent::SavedPolicy>& saved() const { return saved_; }

  // The action [a] in [−1, 1] for one raw observation [o]; with kExplore, including the exploration
  // noise of the trainer. Valid until the next call.
  const agent::Vector& Act(const envs::Vector& observation, agent::Mode mode, Rng& rng);
  // Resets correlated exploration noise.
  void EndEpisode();

  std::int64_t step() const { return saved_->step; }  // −1: untrained
  const std::vector<agent::NamedNetwork>& networks() const { return saved_->networks; }
  const nn::Network& actor() const { return networks().at(0).network; }
  const nn::Network& critic() const { return networks().at(1).network; }
  const agent::Policy& policy() const { return saved_->policy; }
  const std::optional<agent::NoiseConfig>& exploration_noise() const {
    return saved_->exploration_noise;
  }
  double gamma() const { return gamma_; }

 private:
  std::shared_ptr<const agent::SavedPolicy> saved_;
  double gamma_;
  std::optional<agent::ExplorationNoise> noise_;
  agent::PolicyTape tape_;
  Matrix observation_;  // [o, 1]
  Matrix action_;       // [a, 1]
  agent::Vector result_;
};

}  // namespace nabla::viewer
