#include "apps/viewer/drawing/cairo_canvas.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace nabla::viewer {

CairoCanvas::CairoCanvas(Painter& painter, const Rect& area, std::optional<Colour> only_action)
    : painter_(painter), only_action_(only_action) {
  projection_.area = area;
}

void CairoCanvas::View(envs::Point low, envs::Point high) {
  projection_.scale = std::min(projection_.area.width / (high.x - low.x),
                               projection_.area.height / (high.y - low.y));
  projection_.middle = 0.5 * (low + high);
  // Not a scale if the region has no size, or one that is not finite.
  if (!(projection_.scale > 0) || !std::isfinite(projection_.scale)) projection_.scale = 1;
}

Colour CairoCanvas::Of(envs::Paint paint) const {
  return only_action_ ? *only_action_ : painter_.theme().Of(paint);
}

void CairoCanvas::Line(envs::Point from, envs::Point to, double width, envs::Paint paint) {
  if (!IsDrawn(paint)) return;
  painter_.Line(projection_.ToPixels(from), projection_.ToPixels(to), projection_.scale * width,
                Of(paint));
}

void CairoCanvas::Circle(envs::Point centre, double radius, envs::Paint paint) {
  if (!IsDrawn(paint)) return;
  painter_.Circle(projection_.ToPixels(centre), projection_.scale * radius, Of(paint));
}

void CairoCanvas::Ring(envs::Point centre, double radius, double width, envs::Paint paint) {
  if (!IsDrawn(paint)) return;
  painter_.Ring(projection_.ToPixels(centre), projection_.scale * radius, projection_.scale * width,
                Of(paint));
}

void CairoCanvas::Polygon(std::span<const envs::Point> corners, envs::Paint paint) {
  if (!IsDrawn(paint)) return;
  std::vector<Point> pixels;
  for (const envs::Point& corner : corners) pixels.push_back(projection_.ToPixels(corner));
  painter_.Polygon(pixels, Of(paint));
}

void CairoCanvas::Text(envs::Point centre, double height, std::string_view text,
                       envs::Paint paint) {
  if (!IsDrawn(paint)) return;
  const double size = std::max(projection_.scale * height, painter_.theme().small_text);
  painter_.Text(projection_.ToPixels(centre), text,
                {.size = size, .colour = Of(paint), .horizontal = HorizontalAlign::kCentre});
}

}  // namespace nabla::viewer
