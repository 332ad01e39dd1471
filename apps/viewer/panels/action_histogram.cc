// The panel "Actions taken": a histogram of each component of recent actions.
#include <algorithm>

#include "apps/viewer/panels/card.h"
#include "apps/viewer/panels/panels.h"

namespace nabla::viewer {
namespace {

void DrawBars(Painter& painter, const Rect& area, const ActionHistogram::Dimension& dimension) {
  const Theme& theme = painter.theme();
  Extent shares;
  shares.AddAll(dimension.share);
  const Plot plot(painter, area, {.range = {-1, 1}, .name = dimension.name + ", in [−1, 1]"},
                  {.range = {0, std::max(1e-3, 108 * shares.range().high)}});
  plot.Draw();
  const Painter::Clip clip(painter, plot.inner());
  const double width = 2 / std::max<double>(1, static_cast<double>(dimension.share.size()));
  for (std::size_t i = 0; i < dimension.share.size(); ++i) {
    const double left = -1 + width * static_cast<double>(i);
    const Point top = plot.At(left, 100 * dimension.share[i]), foot = plot.At(left + width, 0);
    const double blank = std::min(theme.hairline, 0.2 * (foot.x - top.x));
    painter.Fill({top.x + blank / 2, top.y, foot.x - top.x - blank, foot.y - top.y},
                 theme.series[2]);
  }
}

}  // namespace

void DrawActionHistogram(Painter& painter, const Rect& area, const Scene& scene) {
  const Theme& theme = painter.theme();
  const std::string_view title = InfoOf(Panel::kActionHistogram).title;
  const ActionHistogram* histogram = scene.action_histogram.get();
  if (!histogram || histogram->dimensions.empty()) {
    return DrawEmpty(painter, DrawCard(painter, area, title), "no actions yet");
  }
  const std::size_t count = histogram->dimensions.size();
  const auto cells =
      Grid(InsideCard(area, theme), count, 1.7, 120 * theme.scale, 80 * theme.scale, theme.gap);
  std::string note = "% of " + Label(histogram->actions) + " actions: " + histogram->source;
  if (cells.size() < count) note = ShownOf(cells.size(), count) + ", " + note;
  DrawCard(painter, area, title, note);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    DrawBars(painter, cells[i], histogram->dimensions[i]);
  }
}

}  // namespace nabla::viewer
