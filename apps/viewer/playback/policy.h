// Policy: what a training has learned so far, as something of our own to act and to be looked at;
// and PolicyCopy, the same as bytes on the way from one thread to another.
//
// Everything that an agent's Networks names is copied, so that any algorithm acts here as it does
// in its run, exploration included.
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
#include "agent/policy/observation_normalizer.h"
#include "agent/run/run_folder.h"
#include "agent/state/state_loader.h"
#include "agent/training/task.h"
#include "envs/core/environment.h"

namespace nabla::viewer {

using agent::Index;
using agent::Matrix;

class PolicyCopy {
 public:
  // `networks` is the Networks of an agent or a trainer. Overwrites what is here; after the first
  // time nothing is allocated for the numbers.
  void Save(const agent::StateFunction& networks, std::int64_t step);
  // Throws std::logic_error unless `networks` is of the same task.
  void Load(const agent::StateFunction& networks) const;

  std::int64_t step() const { return step_; }  // of the training; −1: nothing saved yet

 private:
  std::vector<std::byte> bytes_;
  std::int64_t step_ = -1;
};

class Policy {
 public:
  explicit Policy(const agent::TaskConfig& config);
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;

  void Load(const PolicyCopy& copy);

  // The action in [−1, 1] for one observation [o], in kExplore with the noise that the trainer
  // would add. Valid until the next call.
  const agent::Vector& Act(const envs::Vector& observation, agent::Mode mode, Rng& rng);
  // The end of an episode, for noise that has a memory.
  void EndEpisode();

  std::int64_t step() const { return step_; }  // −1: as initialised
  const std::vector<agent::NamedNetwork>& networks() const { return networks_; }
  const nn::Network& actor() const { return networks_.at(0).network; }
  const nn::Network& critic() const { return networks_.at(1).network; }
  const agent::Agent& agent() const { return *agent_; }

 private:
  Policy(const agent::TaskConfig& config, const envs::Spec& spec);

  agent::Workers workers_{1};
  agent::ObservationNormalizer normalizer_;  // of agent_, frozen
  std::unique_ptr<agent::Agent> agent_;
  std::optional<agent::ExplorationNoise> noise_;
  agent::ActTape tape_;
  std::vector<agent::NamedNetwork> networks_;  // Agent::Inspect, as loaded
  Matrix observation_;                         // [o, 1]
  Matrix action_;                              // [a, 1]
  agent::Vector result_;
  std::int64_t step_ = -1;
};

// The networks of a run's checkpoint ("latest", "best" or a step), as a copy. Throws InputError or
// IoError if it is missing, damaged or of another task.
std::shared_ptr<const PolicyCopy> ReadCheckpoint(const agent::RunPaths& run,
                                                 const agent::TaskConfig& config,
                                                 const std::string& checkpoint);

// A task with what a viewer does not need made small: nothing is stored in its replay buffer.
agent::TaskConfig WithoutReplay(agent::TaskConfig config);

// low + (a + 1)/2 (high − low), and back.
envs::Vector ToOwnUnits(const envs::Spec& spec, const agent::Vector& action);

}  // namespace nabla::viewer
