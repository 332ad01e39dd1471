// The summary tables of an analysis: which configuration is better, and with what certainty. Rows
// are in the order of the ranking.
#pragma once

#include <string>
#include <vector>

#include "apps/experiment/report/table.h"
#include "apps/experiment/statistics/analysis.h"

namespace nabla::experiment {

// IQM of final, best and average; the other statistics of final.
Table MainTable(const Analysis& all);
// IQM of the return on each task, for final and best. No tables if the main table has these
// numbers.
std::vector<Table> TaskTables(const Analysis& all);
// For each threshold: the share of the runs that reached it, and when.
Table ThresholdTable(const Analysis& all);
// P(row > column).
Table ImprovementTable(const Analysis& all);
// The units that are not finished, with the reasons.
Table UnfinishedUnitTable(const Analysis& all);

// All of these that are not empty.
std::vector<Table> SummaryTables(const Analysis& all);

// The result in a few sentences.
std::string Conclusion(const Analysis& all);

}  // namespace nabla::experiment
