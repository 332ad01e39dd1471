// Task files, as the commands read them.
#pragma once

#include <string>
#include <vector>

#include "agent/training/task.h"

namespace nabla::apps {

// Throws config::Error, in one line that names the place.
agent::TaskConfig ReadTask(const std::string& file, const std::vector<std::string>& overrides = {});

// Throws InputError if the replay buffer is larger than this machine's memory: the system would
// kill the program without a word. Returns its argument.
const agent::TaskConfig& RequireMemory(const agent::TaskConfig& config);

}  // namespace nabla::apps
