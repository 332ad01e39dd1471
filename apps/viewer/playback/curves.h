// The curves of a run, as they grow: from the trainer's records and from progress.csv alike.
#pragma once

#include <string>
#include <vector>

#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer {

// More points than this say nothing more on a screen: every second one is dropped then.
inline constexpr std::size_t kMostPoints = 8192;

template <class Point>
void Thin(std::vector<Point>& points) {
  if (points.size() <= kMostPoints) return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < points.size(); i += 2) points[kept++] = points[i];
  points.resize(kept);
}

// Adds the value of each metric at `step`; what is no number is left out.
void AddMetrics(const std::vector<std::string>& names, const std::vector<double>& values,
                double step, TrainingCurves& curves);

}  // namespace nabla::viewer
