// The CSV files of an experiment. An empty cell stands for a value that does not exist, "inf" for a
// threshold that the median run never reached.
//
//   summary.csv       one row per unit
//   aggregate.csv     one row per configuration, task, measure and statistic, with its interval
//   improvement.csv   one row per pair of configurations: P(X > Y)
//   curves.csv        one row per configuration, task and evaluation: interquartile mean and band
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/experiment/statistics/analysis.h"

namespace nabla::experiment {

std::string SummaryCsv(const Analysis& all);
std::string AggregateCsv(const Analysis& all);
std::string ImprovementCsv(const Analysis& all);
std::string CurvesCsv(const Analysis& all);

// For other tables of this kind (RFC 4180): a text, in quotes if it contains a comma or a quote,
// with \xNN for a control character, and with ' before a beginning that a spreadsheet would
// compute; the shortest text that reads back to the same number, empty for NaN and for no value; a
// line of such cells.
std::string CsvCell(const std::string& text);
std::string CsvCell(const std::optional<double>& value);
std::string CsvLine(const std::vector<std::string>& cells);

}  // namespace nabla::experiment
