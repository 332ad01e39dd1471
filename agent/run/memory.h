// The memory that a training needs, and the memory that there is. Without this check, the system
// kills a program that asks for too much without a message.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "agent/training/task.h"

namespace nabla::agent {

// A part of the memory that a training allocates, and the keys of the task that determine it.
struct MemoryShare {
  double bytes = 0;
  std::string keys;
};

// The replay buffer, the networks with their optimisers, and the tapes, which together are nearly
// everything that grows with a key of the task.
std::vector<MemoryShare> MemoryNeeded(const TaskConfig& config);

// Bytes: the smallest of the memory of this machine and the limits of the control groups (version 1
// and 2) that contain this process. `root` is the folder that holds /proc and /sys.
double MemoryLimit(const std::filesystem::path& root = "/");

// Throws InputError, which names the keys of the largest share, if the training needs more than
// `limit` bytes.
void RequireMemory(const TaskConfig& config, double limit = MemoryLimit());

}  // namespace nabla::agent
