// The growing curves of a run, from the trainer's records or from progress.csv and monitor.csv.
#pragma once

#include <string>
#include <vector>

#include "agent/run/run_folder.h"
#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer {

// Beyond this number of points every second one is dropped: a screen could not show more.
inline constexpr std::size_t kMostPoints = 8192;

template <class Point>
void Thin(std::vector<Point>& points, std::size_t most = kMostPoints) {
  if (points.size() <= most) return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < points.size(); i += 2) std::swap(points[kept++], points[i]);
  points.resize(kept);
}

// Adds the value of each metric at `step`; values that are not finite are skipped.
void AddMetrics(const std::vector<std::string>& names, const std::vector<double>& values,
                double step, TrainingCurves& curves);

struct RunCurves {
  LearningCurve learning_curve;
  TrainingCurves training;
  double steps_per_second = kNone;  // between the last two evaluations
};

// Reads the files of a run, which may still be growing. Throws IoError if one cannot be read.
RunCurves ReadCurves(const agent::RunPaths& run);

}  // namespace nabla::viewer
