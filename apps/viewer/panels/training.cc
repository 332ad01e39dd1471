// The panel "Training": the metrics of the updates and the TD residuals over the run, a plot each.
#include <algorithm>
#include <cmath>

#include "apps/viewer/panels/card.h"
#include "apps/viewer/panels/panels.h"

namespace nabla::viewer {
namespace {

using Series = TrainingCurves::Series;

Range StepRange(const TrainingCurves& curves) {
  Extent steps;
  steps.Add(0);
  for (const Series& series : curves.series) {
    for (const CurvePoint& point : series.points) steps.Add(point.step);
  }
  for (const auto& residual : curves.residuals) steps.Add(residual.step);
  return {0, std::max(1.0, steps.range().high)};
}

// A logarithmic axis shows positive values only.
bool Fits(const Series& series, double value) {
  return std::isfinite(value) && (!series.logarithmic || value > 0);
}

Axis ValueAxis(const Series& series) {
  Extent values;
  for (const CurvePoint& point : series.points) {
    if (Fits(series, point.value)) values.Add(point.value);
  }
  if (!series.logarithmic || values.empty()) {
    return {.range = Widened(values.range(), 0.08), .name = series.name};
  }
  const auto [low, high] = values.range();
  return {.range = {low / 1.3, high * 1.3}, .name = series.name, .logarithmic = true};
}

void DrawSeries(Painter& painter, const Rect& area, const Axis& steps, const Series& series,
                const Colour& colour) {
  const Plot plot(painter, area, steps, ValueAxis(series));
  plot.Draw();
  const Painter::Clip clip(painter, plot.inner());
  std::vector<Point> line;
  for (const CurvePoint& point : series.points) {
    if (Fits(series, point.value)) line.push_back(plot.At(point.step, point.value));
  }
  painter.Polyline(line, painter.theme().line, colour);
  if (line.size() == 1) painter.Dots(line, 1.5 * painter.theme().line, colour);
}

void DrawResiduals(Painter& painter, const Rect& area, const Axis& steps,
                   const std::vector<TrainingCurves::Residual>& residuals, const Colour& colour) {
  Extent values;
  values.Add(0);
  for (const auto& at : residuals) values.Add(at.q05), values.Add(at.q95);
  const Plot plot(painter, area, steps,
                  {.range = Widened(values.range(), 0.05), .name = "TD residual, 5 … 95 %"});
  plot.Draw();
  const Painter::Clip clip(painter, plot.inner());
  std::vector<TrainingCurves::Residual> shown = residuals;
  if (shown.size() == 1) {  // draw a short bar
    const double half = 0.02 * (steps.range.high - steps.range.low);
    shown.push_back(shown.front());
    shown.front().step = std::max(steps.range.low, shown.front().step - 2 * half);
  }
  std::vector<Point> median, wide, narrow;
  for (const auto& at : shown) {
    median.push_back(plot.At(at.step, at.median));
    wide.push_back(plot.At(at.step, at.q95));
    narrow.push_back(plot.At(at.step, at.q75));
  }
  for (auto at = shown.rbegin(); at != shown.rend(); ++at) {
    wide.push_back(plot.At(at->step, at->q05));
    narrow.push_back(plot.At(at->step, at->q25));
  }
  painter.Polygon(wide, colour.WithAlpha(0.18));
  painter.Polygon(narrow, colour.WithAlpha(0.3));
  painter.Polyline(median, painter.theme().line, colour);
}

}  // namespace

void DrawTraining(Painter& painter, const Rect& area, const Scene& scene) {
  const Theme& theme = painter.theme();
  const std::string_view title = InfoOf(Panel::kTraining).title;
  const TrainingCurves* curves = scene.training.get();
  if (!curves || (curves->series.empty() && curves->residuals.empty())) {
    return DrawEmpty(painter, DrawCard(painter, area, title), "no update yet");
  }
  const bool has_residuals = !curves->residuals.empty();
  const std::size_t count = curves->series.size() + (has_residuals ? 1 : 0);
  const auto cells = Grid(InsideCard(area, theme), count, 2.4, 130 * theme.scale, 62 * theme.scale,
                          0.6 * theme.gap);
  const std::string shown = ShownOf(cells.size(), count);
  DrawCard(painter, area, title, shown.empty() ? "over environment steps" : shown);
  // The residuals come second, so that they are shown even if there is no room for all plots.
  const std::size_t residuals_at = std::min<std::size_t>(1, cells.size() - 1);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Axis steps = {.range = StepRange(*curves)};
    const Colour colour = theme.series[i % theme.series.size()];
    if (has_residuals && i == residuals_at) {
      DrawResiduals(painter, cells[i], steps, curves->residuals, colour);
    } else {
      const std::size_t index = i - (has_residuals && i > residuals_at ? 1 : 0);
      DrawSeries(painter, cells[i], steps, curves->series[index], colour);
    }
  }
}

}  // namespace nabla::viewer
