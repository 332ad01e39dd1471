// What must be the same in two runs for their returns to mean the same.
#pragma once

#include <string>
#include <vector>

#include "agent/training/task.h"

namespace nabla::experiment {

struct Comparable {
  const char* key;
  std::string (*value)(const agent::TaskConfig& config);
};

const std::vector<Comparable>& ComparedInTask();        // in all runs of one task
const std::vector<Comparable>& ComparedInExperiment();  // in all runs

}  // namespace nabla::experiment
