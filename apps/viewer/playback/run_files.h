// Reads the curves of a run from progress.csv and monitor.csv, which may still be growing.
#pragma once

#include "agent/run/run_folder.h"
#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer {

struct RunCurves {
  LearningCurve learning_curve;
  TrainingCurves training;
  double steps_per_second = kNone;  // between the last two evaluations
};

// Throws IoError if a file cannot be read.
RunCurves ReadCurves(const agent::RunPaths& run);

}  // namespace nabla::viewer
