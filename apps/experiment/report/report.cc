#include "apps/experiment/report/report.h"

#include "apps/experiment/execution/pool.h"
#include "apps/experiment/report/csv_tables.h"
#include "apps/experiment/report/gnuplot.h"
#include "apps/experiment/report/html_report.h"
#include "apps/experiment/report/plots.h"
#include "apps/experiment/report/search_section.h"

namespace nabla::experiment {
namespace {

// A failure to draw is a note: the rest of the report does not need the plots.
std::vector<Figure> DrawFigures(const Analysis& all, const ExperimentPaths& paths,
                                ReportFiles& written) {
  std::vector<Chart> charts = MakeCharts(all);
  Plots plots;
  if (charts.empty()) return {};
  try {
    plots = DrawAll(charts, paths.plots());
    if (!plots.drawn) written.note = kNoGnuplot;
  } catch (const std::exception& error) {
    written.note = std::string("no plots: ") + error.what();
  }
  written.files.insert(written.files.end(), plots.files.begin(), plots.files.end());
  std::vector<Figure> figures;
  for (std::size_t k = 0; k < plots.svgs.size(); ++k) {
    figures.push_back({std::move(charts[k]), std::move(plots.svgs[k])});
  }
  return figures;
}

}  // namespace

ReportFiles WriteReport(const ExperimentPaths& paths) {
  const Plan plan = ReadPlan(paths);
  const Analysis all = Analyze(plan, ReadResults(paths, plan), AvailableCores());
  ReportFiles written;
  const FolderLock lock(paths);
  const auto write = [&](const std::filesystem::path& path, const std::string& text) {
    agent::WriteFileAtomically(path, text);
    written.files.push_back(path);
  };
  write(paths.summary(), SummaryCsv(all));
  write(paths.aggregate(), AggregateCsv(all));
  write(paths.improvement(), ImprovementCsv(all));
  write(paths.curves(), CurvesCsv(all));
  const std::vector<Figure> figures = DrawFigures(all, paths, written);
  write(paths.report(), MakeHtmlReport({all, figures, written.note, SearchSections(paths)}));
  return written;
}

}  // namespace nabla::experiment
