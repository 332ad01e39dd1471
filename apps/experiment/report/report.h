// The report of an experiment: tables, plots and HTML page, built from the files on disk.
#pragma once

#include <string>
#include <vector>

#include "apps/experiment/execution/experiment_folder.h"
#include "apps/experiment/statistics/analysis.h"

namespace nabla::experiment {

struct ReportFiles {
  std::vector<std::filesystem::path> files;
  std::string note;     // what could not be written, with the reason, in one line; empty if nothing
  bool failed = false;  // it should have been written: gnuplot is installed
};

// Writes tables, plots and page into the experiment's folder, each file atomically. Works at any
// time, also while the experiment runs.
ReportFiles WriteReport(const ExperimentPaths& paths);

}  // namespace nabla::experiment
