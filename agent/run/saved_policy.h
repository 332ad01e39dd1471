// SavedPolicy: what a run has learned, read from one of its checkpoints without a trainer or a
// replay buffer.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "agent/run/checkpoint.h"
#include "agent/run/run_folder.h"
#include "agent/training/task.h"

namespace nabla::agent {

struct SavedPolicy {
  Policy policy;
  std::vector<NamedNetwork> networks;            // NetworksOf its agent
  std::optional<NoiseConfig> exploration_noise;  // none for a policy that draws its actions
  std::int64_t step = -1;                        // of the training; −1: as initialised
};

// The networks of `checkpoint`, "latest", "best" or a step, of a run with the config. Throws
// InputError if there is none, or if it belongs to another algorithm, environment or network size.
SavedPolicy LoadPolicy(const RunPaths& run, const TaskConfig& config,
                       const std::string& checkpoint);

// What an agent has learned by now.
SavedPolicy Save(const Agent& agent, std::int64_t step);

// The networks of a task before it has learned.
SavedPolicy InitialPolicy(const TaskConfig& config);

// What a checkpoint says about its task; and InputError unless a checkpoint says the same.
nlohmann::json CheckpointMetadata(const TaskConfig& config, const envs::Spec& spec);
void RequireSameTask(const StateLoader& loader, const TaskConfig& config, const envs::Spec& spec);

}  // namespace nabla::agent
