// PolicySnapshot: the state of a training's policy as bytes, to hand from one thread to another;
// and PolicyReplica, an agent of the viewer's own that loads snapshots.
//
// A snapshot holds everything that Agent::Networks lists, so any algorithm acts here as in its run,
// exploration included.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/algorithms/agent.h"
#include "agent/learning/noise.h"
#include "agent/learning/workers.h"
#include "agent/run/run_folder.h"
#include "agent/state/state_loader.h"
#include "agent/training/task.h"
#include "envs/core/environment.h"

namespace nabla::viewer {

using agent::Index;
using agent::Matrix;

class PolicySnapshot {
 public:
  // `networks` is Networks of an agent or a trainer. Allocates in the first call only.
  void Save(const agent::StateFunction& networks, std::int64_t step);
  // Throws std::logic_error unless `networks` belongs to the same task.
  void Load(const agent::StateFunction& networks) const;

  std::int64_t step() const { return step_; }  // of the training; −1: nothing is saved

 private:
  std::vector<std::byte> bytes_;
  std::int64_t step_ = -1;
};

class PolicyReplica {
 public:
  explicit PolicyReplica(const agent::TaskConfig& config);
  PolicyReplica(const PolicyReplica&) = delete;
  PolicyReplica& operator=(const PolicyReplica&) = delete;

  void Load(const PolicySnapshot& copy);

  // The action [a] in [−1, 1] for one raw observation [o]; with kExplore, including the exploration
  // noise of the trainer. Valid until the next call.
  const agent::Vector& Act(const envs::Vector& observation, agent::Mode mode, Rng& rng);
  // Resets correlated exploration noise.
  void EndEpisode();

  std::int64_t step() const { return step_; }  // −1: untrained
  const std::vector<agent::NamedNetwork>& networks() const { return networks_; }
  const nn::Network& actor() const { return networks_.at(0).network; }
  const nn::Network& critic() const { return networks_.at(1).network; }
  const agent::Policy& policy() const { return agent_->policy(); }
  const agent::NoiseConfig* exploration_noise() const { return agent_->exploration_noise(); }
  double gamma() const { return agent_->config().gamma; }

 private:
  agent::Workers workers_{1};
  std::unique_ptr<agent::Agent> agent_;
  std::optional<agent::ExplorationNoise> noise_;
  agent::PolicyTape tape_;
  std::vector<agent::NamedNetwork> networks_;  // NetworksOf the loaded snapshot
  Matrix observation_;                         // [o, 1]
  Matrix action_;                              // [a, 1]
  agent::Vector result_;
  std::int64_t step_ = -1;
};

// Reads the policy of a checkpoint ("latest", "best" or a step). Throws InputError or IoError if it
// is missing, damaged or of another task.
std::shared_ptr<const PolicySnapshot> ReadCheckpoint(const agent::RunPaths& run,
                                                     const agent::TaskConfig& config,
                                                     const std::string& checkpoint);

}  // namespace nabla::viewer
