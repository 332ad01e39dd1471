// Report: all that is made from the results of an experiment, built anew from what is on disk.
#pragma once

#include <string>
#include <vector>

#include "apps/experiment/execution/experiment_folder.h"
#include "apps/experiment/statistics/analysis.h"

namespace nabla::experiment {

struct Written {
  std::vector<std::filesystem::path> files;
  std::string note;  // what could not be made and why, in one line; empty if all was
};

// Writes the tables, the plots and the page into the experiment's folder, each whole or not at all.
// Works at any time, also while the experiment runs.
Written WriteReport(const ExperimentPaths& paths);

}  // namespace nabla::experiment
