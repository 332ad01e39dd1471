// The tables of an experiment as CSV (RFC 4180: a cell with a comma or a quote is quoted). An empty
// cell is a value that does not exist, "inf" a threshold that the median run never reached.
//
//   summary.csv       a row a unit
//   aggregate.csv     a row a configuration, task, measure and statistic, with its interval
//   improvement.csv   a row a pair of configurations: P(X > Y)
//   curves.csv        a row a configuration, task and evaluation: interquartile mean and band
#pragma once

#include <string>

#include "apps/experiment/statistics/analysis.h"

namespace nabla::experiment {

std::string SummaryCsv(const Analysis& all);
std::string AggregateCsv(const Analysis& all);
std::string ImprovementCsv(const Analysis& all);
std::string CurvesCsv(const Analysis& all);

}  // namespace nabla::experiment
