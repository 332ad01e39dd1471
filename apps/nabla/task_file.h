// Reading task files.
#pragma once

#include <string>
#include <vector>

#include "agent/training/task.h"

namespace nabla::apps {

// Throws config::Error, one line that names the place.
agent::TaskConfig ReadTask(const std::string& file, const std::vector<std::string>& overrides = {});

// Throws InputError if the replay buffer is larger than the memory of this machine, where the
// system would kill the program without a message. Returns its argument.
const agent::TaskConfig& RequireMemory(const agent::TaskConfig& config);

}  // namespace nabla::apps
