// The rows of progress.csv: one per evaluation. The columns are those of ProgressRow, then the mean
// of each metric of the algorithm since the evaluation before.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "agent/state/csv.h"
#include "agent/training/observer.h"

namespace nabla::agent {

inline constexpr double kNotAvailable = std::numeric_limits<double>::quiet_NaN();

struct ProgressRow {
  double step = kNotAvailable;      // environment steps
  double episodes = kNotAvailable;  // training episodes finished
  double updates = kNotAvailable;   // gradient updates
  double seconds = kNotAvailable;   // training time, without interruptions
  // Over the episodes of the evaluation:
  double return_mean = kNotAvailable;
  double return_std = kNotAvailable;
  double return_iqm = kNotAvailable;
  double return_min = kNotAvailable;
  double return_max = kNotAvailable;
  double length_mean = kNotAvailable;  // steps
  std::vector<double> metrics = {};
};

ProgressRow RowOf(const EvaluationRecord& record);

// Writes the rows of an algorithm with these metrics.
std::vector<std::string> ProgressColumns(const std::vector<Metric>& metrics);
std::vector<double> ProgressValues(const ProgressRow& row);

// progress.csv as it was read.
struct Progress {
  std::vector<std::string> metrics;  // the names of ProgressRow::metrics
  std::vector<ProgressRow> rows;
};

// Columns that are missing are NaN. In strict mode, throws InputError if a row is incomplete, if
// `step`, `seconds` or `return_mean` is missing or not finite, or if the steps do not increase.
Progress ReadProgress(const std::filesystem::path& path, CsvReader::Mode mode);

}  // namespace nabla::agent
