// The panel "Q along the action": for each component of the action Q as a curve, the policy's
// action, the exploration noise, and ∇_a Q as the tangent.
#include <algorithm>
#include <cmath>

#include "apps/viewer/panels/card.h"
#include "apps/viewer/panels/panels.h"

namespace nabla::viewer {
namespace {

struct Colours {
  Colour curve, policy, gradient, noise;
};

Colours ColoursOf(const Theme& theme) {
  return {theme.series[0], theme.action, theme.gradient, theme.action.WithAlpha(0.18)};
}

// ±σ and ±2σ about the policy's action.
void DrawNoise(Painter& painter, const Plot& plot, const ActionSlice::Dimension& dimension,
               const Colour& colour) {
  for (const double reach : {2.0, 1.0}) {
    const double left = plot.X(std::max(dimension.low, dimension.policy - reach * dimension.noise));
    const double right =
        plot.X(std::min(dimension.high, dimension.policy + reach * dimension.noise));
    painter.Fill({left, plot.inner().y, right - left, plot.inner().height}, colour);
  }
}

// A segment of the tangent with a fixed length on the screen, pointing uphill.
void DrawTangent(Painter& painter, const Plot& plot, const ActionSlice::Dimension& dimension,
                 const Colour& colour) {
  const Theme& theme = painter.theme();
  const Point at = plot.At(dimension.policy, dimension.q_at_policy);
  const Point ahead = plot.At(dimension.policy + 1, dimension.q_at_policy + dimension.gradient);
  const Point way = ahead - at;
  const double length = std::hypot(way.x, way.y);
  if (!(length > 0) || !std::isfinite(length)) return;
  const double half = 0.22 * std::min(plot.inner().width, 2 * plot.inner().height);
  const Point reach = (half / length) * way;
  const double uphill = dimension.gradient >= 0 ? 1 : -1;
  painter.Arrow(at - uphill * reach, at + uphill * reach, 1.3 * theme.line, colour);
}

void DrawDimension(Painter& painter, const Rect& area, const ActionSlice::Dimension& dimension) {
  const Theme& theme = painter.theme();
  const Colours colours = ColoursOf(theme);
  Extent values;
  values.AddAll(dimension.q);
  values.Add(dimension.q_at_policy);
  const Plot plot(painter, area, {.range = {dimension.low, dimension.high}, .name = dimension.name},
                  {.range = Widened(values.range(), 0.1)});
  plot.Draw();
  const Painter::Clip clip(painter, plot.inner());
  if (dimension.noise > 0) DrawNoise(painter, plot, dimension, colours.noise);
  const Point at = plot.At(dimension.policy, dimension.q_at_policy);
  painter.DashedLine({at.x, plot.inner().y}, {at.x, plot.inner().bottom()}, theme.hairline,
                     colours.policy);
  std::vector<Point> line;
  for (std::size_t i = 0; i < dimension.actions.size(); ++i) {
    line.push_back(plot.At(dimension.actions[i], dimension.q[i]));
  }
  painter.Polyline(line, 1.3 * theme.line, colours.curve);
  DrawTangent(painter, plot, dimension, colours.gradient);
  painter.Circle(at, 2.4 * theme.line, theme.card);
  painter.Circle(at, 1.8 * theme.line, colours.policy);
}

}  // namespace

void DrawActionSlice(Painter& painter, const Rect& area, const Scene& scene) {
  const Theme& theme = painter.theme();
  const Colours colours = ColoursOf(theme);
  const ActionSlice* slice = scene.action_slice.get();
  std::vector<LegendEntry> legend = {{"policy", colours.policy, LegendEntry::Mark::kDot},
                                     {"∇ₐQ", colours.gradient}};
  if (slice && !slice->dimensions.empty() && slice->dimensions[0].noise > 0) {
    legend.push_back({"noise", theme.action.WithAlpha(0.35), LegendEntry::Mark::kBand});
  }
  const std::size_t count = slice ? slice->dimensions.size() : 0;
  const auto cells =
      Grid(InsideCard(area, theme), count, 1.7, 130 * theme.scale, 85 * theme.scale, theme.gap);
  const Rect inside = DrawCard(painter, area, InfoOf(Panel::kActionSlice).title,
                               ShownOf(cells.size(), count), legend);
  if (count == 0) return DrawEmpty(painter, inside, "no critic yet");
  for (std::size_t i = 0; i < cells.size(); ++i) {
    DrawDimension(painter, cells[i], slice->dimensions[i]);
  }
}

}  // namespace nabla::viewer
