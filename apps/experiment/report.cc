#include "apps/experiment/report.h"

#include "apps/experiment/pool.h"
#include "apps/experiment/tables.h"

namespace nabla::experiment {

Written WriteReport(const ExperimentPaths& paths) {
  const Plan plan = ReadPlan(paths);
  const Analysis all = Analyze(plan, ReadResults(paths, plan), AvailableCores());
  Written written;
  const FolderLock lock(paths);
  const auto write = [&](const std::filesystem::path& path, const std::string& text) {
    agent::WriteFileAtomically(path, text);
    written.files.push_back(path);
  };
  write(paths.summary(), SummaryCsv(all));
  write(paths.aggregate(), AggregateCsv(all));
  write(paths.improvement(), ImprovementCsv(all));
  write(paths.curves(), CurvesCsv(all));
  return written;
}

}  // namespace nabla::experiment
