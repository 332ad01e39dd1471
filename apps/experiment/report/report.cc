#include "apps/experiment/report/report.h"

#include "apps/experiment/execution/pool.h"
#include "apps/experiment/report/csv_tables.h"
#include "apps/experiment/report/gnuplot.h"
#include "apps/experiment/report/html_report.h"
#include "apps/experiment/report/search_results.h"

namespace nabla::experiment {

ReportFiles WriteReport(const ExperimentPaths& paths) {
  constexpr std::size_t kSearchRows = 20;
  const Plan plan = ReadPlan(paths);
  const Analysis all = Analyze(plan, ReadResults(paths, plan), AvailableCores());
  ReportFiles written;
  const agent::FileDescriptor lock = LockFolder(paths);
  const auto write = [&](const char* name, const std::string& text) {
    written.files.push_back(paths.root / name);
    agent::WriteFileAtomically(written.files.back(), text);
  };
  write("summary.csv", SummaryCsv(all));
  write("aggregate.csv", AggregateCsv(all));
  write("improvement.csv", ImprovementCsv(all));
  write("curves.csv", CurvesCsv(all));
  std::vector<Chart> charts = MakeCharts(all);
  try {
    if (!charts.empty()) {
      const auto plots = DrawAll(charts, paths.root / "plots");
      written.files.insert(written.files.end(), plots.begin(), plots.end());
    }
  } catch (const std::exception& error) {  // the rest of the report does not need the plots
    written.note = std::string("no plots: ") + error.what();
    written.failed = written.note.find(kNoGnuplot) == std::string::npos;
  }
  std::error_code ignored;
  const bool has_best = std::filesystem::exists(paths.best(), ignored);
  write("report.html", MakeHtmlReport({all, charts, written.note, SearchTables(paths, kSearchRows),
                                       has_best ? paths.best().string() : ""}));
  return written;
}

}  // namespace nabla::experiment
