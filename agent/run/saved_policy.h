// SavedPolicy: what a run has learned, read from one of its checkpoints without a trainer or a
// replay buffer.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "agent/run/checkpoint.h"
#include "agent/run/run_folder.h"
#include "agent/training/task.h"

namespace nabla::agent {

struct SavedPolicy {
  Policy policy;
  std::vector<NamedNetwork> networks;  // NetworksOf its agent
  std::int64_t step = 0;               // of the training; 0 for one that is as initialised
};

// The networks of `checkpoint`, "latest", "best" or a step, of a run with the config. Throws
// InputError if there is none, or if it belongs to another algorithm, environment or network size.
SavedPolicy LoadPolicy(const RunPaths& run, const TaskConfig& config,
                       const std::string& checkpoint);

// The same into an agent of the task, in an environment of `spec`. Returns the step.
std::int64_t LoadNetworks(const RunPaths& run, const TaskConfig& config, const envs::Spec& spec,
                          const std::string& checkpoint, Agent& agent);

// The networks of a task before it has learned.
SavedPolicy InitialPolicy(const TaskConfig& config);

// What a checkpoint says about its task; and InputError unless a checkpoint says the same.
nlohmann::json CheckpointMetadata(const TaskConfig& config, const envs::Spec& spec);
void RequireSameTask(const StateLoader& loader, const TaskConfig& config, const envs::Spec& spec);

}  // namespace nabla::agent
