// This program and this machine: facts for meta.json, and the memory that a task needs.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "agent/training/task.h"

namespace nabla::apps {

nlohmann::json AboutProgram();

// Throws InputError if the replay buffer is larger than the memory of this machine, where the
// system would kill the program without a message. Returns its argument.
const agent::TaskConfig& RequireMemory(const agent::TaskConfig& config);

}  // namespace nabla::apps
