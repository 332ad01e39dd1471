// The time and memory that a unit needs, measured while training it for a moment. Time is processor
// time, so that a busy machine does not distort the estimate.
#pragma once

#include "agent/training/task.h"

namespace nabla::experiment {

struct Estimate {
  double seconds = 0;    // for a whole unit on one core
  double megabytes = 0;  // resident memory at its end
};

// Trains in a separate process for about `budget` seconds. Throws InputError with the reason if the
// task cannot be trained.
Estimate EstimateUnit(const agent::TaskConfig& config, int threads, double budget);

}  // namespace nabla::experiment
