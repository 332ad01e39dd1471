// report.html: one self-contained file without scripts or network access. It follows the light or
// dark scheme of the reader's system, and suits small screens and print.
#pragma once

#include <string>
#include <vector>

#include "apps/experiment/report/chart.h"
#include "apps/experiment/report/table.h"
#include "apps/experiment/statistics/analysis.h"

namespace nabla::experiment {

struct HtmlReportInput {
  const Analysis& all;
  const std::vector<Chart>& charts;  // those without an svg are left out
  std::string note;                  // what is missing, with the reason
  std::vector<Table> search;         // the results of a search; empty without one
  std::string best_task;             // the task file of its best trial; empty if there is none
};

std::string MakeHtmlReport(const HtmlReportInput& input);

}  // namespace nabla::experiment
