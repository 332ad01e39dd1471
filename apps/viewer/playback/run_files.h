// Reads the tables of a run folder: progress.csv and monitor.csv (agent/state/csv.h writes them). A
// last line without its end is one that is being written: it is left for the next time.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer {

struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<double>> rows;  // what is no number is NaN

  // −1 if there is no such column.
  int Column(const std::string& name) const;
};

// Lines that begin with '#' are left out. Throws IoError.
Table ReadTable(const std::filesystem::path& file);

// The curves of a run from both tables. `steps_per_second`: of the last two evaluations, or NaN.
struct RunCurves {
  LearningCurve learning_curve;
  TrainingCurves training;
  double steps_per_second = kNone;
};
RunCurves MakeCurves(const Table& progress, const Table& monitor);

}  // namespace nabla::viewer
