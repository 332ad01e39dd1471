#include "apps/viewer/playback/curves.h"

#include <algorithm>
#include <cmath>

#include "agent/run/progress.h"

namespace nabla::viewer {
namespace {

void AddProgress(const agent::Progress& progress, RunCurves& curves) {
  for (const agent::ProgressRow& row : progress.rows) {
    curves.learning_curve.evaluations.push_back(
        {row.step, row.return_mean, row.return_std, row.return_min, row.return_max});
    AddMetrics(progress.metrics, row.metrics, row.step, curves.training);
  }
  if (progress.rows.size() < 2) return;
  const agent::ProgressRow& last = progress.rows.back();
  const agent::ProgressRow& before = progress.rows[progress.rows.size() - 2];
  curves.steps_per_second = (last.step - before.step) / (last.seconds - before.seconds);
}

void AddEpisodes(agent::CsvReader& monitor, LearningCurve& curve) {
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

void AddMetrics(const std::vector<std::string>& names, const std::vector<double>& values,
                double step, TrainingCurves& curves) {
  for (std::size_t i = 0; i < std::min(names.size(), values.size()); ++i) {
    if (!std::isfinite(values[i])) continue;
    const auto has_name = [&](const auto& series) { return series.name == names[i]; };
    auto found = std::find_if(curves.series.begin(), curves.series.end(), has_name);
    if (found == curves.series.end()) {
      // Losses fall over orders of magnitude.
      const bool is_loss = names[i].find("loss") != std::string::npos;
      curves.series.push_back({.name = names[i], .logarithmic = is_loss, .points = {}});
      found = curves.series.end() - 1;
    }
    found->points.push_back({step, values[i]});
    Thin(found->points);
  }
}

RunCurves ReadCurves(const agent::RunPaths& run) {
  RunCurves curves;
  AddProgress(agent::ReadProgress(run.progress(), agent::CsvReader::Mode::kLenient), curves);
  agent::CsvReader monitor(run.monitor(), agent::CsvReader::Mode::kLenient);
  AddEpisodes(monitor, curves.learning_curve);
  return curves;
}

}  // namespace nabla::viewer
