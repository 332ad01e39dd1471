// The CSV files of an experiment. An empty cell stands for a value that does not exist, "inf" for a
// threshold that the median run never reached.
//
//   summary.csv       one row per unit
//   aggregate.csv     one row per configuration, task, measure and statistic, with its interval
//   improvement.csv   one row per pair of configurations: P(X > Y)
//   curves.csv        one row per configuration, task and evaluation: interquartile mean and band
#pragma once

#include <string>

#include "apps/experiment/statistics/analysis.h"

namespace nabla::experiment {

std::string SummaryCsv(const Analysis& all);
std::string AggregateCsv(const Analysis& all);
std::string ImprovementCsv(const Analysis& all);
std::string CurvesCsv(const Analysis& all);

}  // namespace nabla::experiment
