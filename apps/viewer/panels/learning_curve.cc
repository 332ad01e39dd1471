// The panel "Learning curve": evaluation mean ± standard deviation, and training episodes as dots.
#include <algorithm>

#include "apps/viewer/panels/card.h"
#include "apps/viewer/panels/panels.h"

namespace nabla::viewer {
namespace {

Range StepRange(const LearningCurve& curve) {
  Extent steps;
  steps.Add(0);
  for (const auto& evaluation : curve.evaluations) steps.Add(evaluation.step);
  for (const auto& episode : curve.episodes) steps.Add(episode.step);
  // The axis grows with the run, and covers the whole run only once enough of it is done: otherwise
  // the start of a run would be squeezed to a point.
  const double last = steps.range().high;
  if (curve.total_steps > 0 && last > 0.4 * curve.total_steps) steps.Add(curve.total_steps);
  return {0, std::max(1.0, steps.range().high)};
}

Range ReturnRange(const LearningCurve& curve) {
  Extent returns;
  for (const auto& evaluation : curve.evaluations) {
    returns.Add(evaluation.mean - evaluation.std);
    returns.Add(evaluation.mean + evaluation.std);
  }
  for (const auto& episode : curve.episodes) returns.Add(episode.value);
  return Widened(returns.range(), 0.04);
}

}  // namespace

void DrawLearningCurve(Painter& painter, const Rect& area, const Scene& scene) {
  const Theme& theme = painter.theme();
  const Colour mean = theme.series[0], band = mean.WithAlpha(0.28);
  const Colour episode = theme.series[1].WithAlpha(0.75);
  const Rect inside = DrawCard(painter, area, InfoOf(Panel::kLearningCurve).title, "return",
                               {{"evaluation", mean},
                                {"± std", band, LegendEntry::Mark::kBand},
                                {"training", episode, LegendEntry::Mark::kDot}});
  const LearningCurve* curve = scene.learning_curve.get();
  if (!curve || (curve->evaluations.empty() && curve->episodes.empty())) {
    return DrawEmpty(painter, inside, "no episode has ended yet");
  }
  const Plot plot(painter, inside, {.range = StepRange(*curve), .name = "environment steps"},
                  {.range = ReturnRange(*curve)});
  plot.Draw();
  const Painter::Clip clip(painter, plot.inner());
  std::vector<Point> dots, line, outline;
  for (const auto& at : curve->episodes) dots.push_back(plot.At(at.step, at.value));
  const auto& evaluations = curve->evaluations;
  for (const auto& at : evaluations) {
    line.push_back(plot.At(at.step, at.mean));
    outline.push_back(plot.At(at.step, at.mean + at.std));
  }
  for (auto at = evaluations.rbegin(); at != evaluations.rend(); ++at) {
    outline.push_back(plot.At(at->step, at->mean - at->std));
  }
  painter.Dots(dots, 1.5 * theme.scale, episode);
  painter.Polygon(outline, band);
  painter.Polyline(line, 1.3 * theme.line, mean);
  painter.Dots(line, 1.5 * theme.line, mean);
}

}  // namespace nabla::viewer
