#include "apps/viewer/playback/run_files.h"

#include <cmath>

#include "agent/run/progress.h"
#include "apps/viewer/playback/curves.h"

namespace nabla::viewer {
namespace {

using agent::CsvReader;
using agent::ProgressRow;

void AddProgress(const agent::Progress& progress, RunCurves& curves) {
  for (const ProgressRow& row : progress.rows) {
    curves.learning_curve.evaluations.push_back(
        {row.step, row.return_mean, row.return_std, row.return_min, row.return_max});
    AddMetrics(progress.metrics, row.metrics, row.step, curves.training);
  }
  if (progress.rows.size() < 2) return;
  const ProgressRow& last = progress.rows.back();
  const ProgressRow& before = progress.rows[progress.rows.size() - 2];
  curves.steps_per_second = (last.step - before.step) / (last.seconds - before.seconds);
}

void AddEpisodes(CsvReader& monitor, LearningCurve& curve) {
  const auto total_reward = monitor.Find("r");
  const auto length = monitor.Find("l");
  if (!total_reward || !length) return;
  for (double steps = 0; monitor.Next();) {
    if (!std::isfinite(monitor.Number(*length))) continue;
    steps += monitor.Number(*length);
    curve.episodes.push_back({steps, monitor.Number(*total_reward)});
    Thin(curve.episodes);
  }
}

}  // namespace

RunCurves ReadCurves(const agent::RunPaths& run) {
  RunCurves curves;
  AddProgress(agent::ReadProgress(run.progress(), CsvReader::Mode::kLenient), curves);
  CsvReader monitor(run.monitor(), CsvReader::Mode::kLenient);
  AddEpisodes(monitor, curves.learning_curve);
  return curves;
}

}  // namespace nabla::viewer
