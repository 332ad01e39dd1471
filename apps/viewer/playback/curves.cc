#include "apps/viewer/playback/curves.h"

#include <algorithm>
#include <cmath>

namespace nabla::viewer {

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

}  // namespace nabla::viewer
