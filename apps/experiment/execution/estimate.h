// What a unit will take, measured by training it for a moment: in processor time, so that it holds
// for a quiet machine when the estimate is made on a busy one.
#pragma once

#include "agent/training/task.h"

namespace nabla::experiment {

struct Estimate {
  double seconds = 0;    // of a whole unit on a core of its own
  double megabytes = 0;  // resident, at its end
};

// Trains in a process of its own for about `budget` seconds. Throws InputError with the reason for
// a task that cannot be trained.
Estimate EstimateUnit(const agent::TaskConfig& config, int threads, double budget);

}  // namespace nabla::experiment
