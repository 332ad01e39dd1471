// The keys that must be equal in two runs for their returns to be comparable.
#pragma once

#include <string>
#include <vector>

#include "agent/training/task.h"

namespace nabla::experiment {

struct ComparabilityKey {
  const char* key;
  std::string (*value)(const agent::TaskConfig& config);
};

const std::vector<ComparabilityKey>& EqualWithinTask();        // in all runs of one task
const std::vector<ComparabilityKey>& EqualWithinExperiment();  // in all runs

}  // namespace nabla::experiment
