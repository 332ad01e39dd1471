// Overview: the tables that answer "which is better, and am I sure?", in the order of the ranking.
#pragma once

#include <string>
#include <vector>

#include "apps/experiment/report/table.h"
#include "apps/experiment/statistics/analysis.h"

namespace nabla::experiment {

// IQM of final, best and average; the other statistics of the final.
Table MainTable(const Analysis& all);
// IQM of the return on each task, of the measure kFinal or kBest; where there are several tasks, or
// scores stand for returns.
Table TaskTable(const Analysis& all, std::size_t measure);
// For each threshold: which share of the runs reached it and when.
Table ThresholdTable(const Analysis& all);
// P(row > column).
Table ImprovementTable(const Analysis& all);
// The units that are not finished, and why.
Table OpenUnits(const Analysis& all);

// The same tables with those left out that have nothing to say.
std::vector<Table> OverviewTables(const Analysis& all);

// What the numbers come to, in a few sentences.
std::string Verdict(const Analysis& all);

}  // namespace nabla::experiment
