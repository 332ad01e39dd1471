// CairoCanvas: the canvas on which environments draw themselves, in a rectangle of a picture.
#pragma once

#include <optional>

#include "apps/viewer/drawing/painter.h"
#include "envs/drawing/canvas.h"

namespace nabla::viewer {

// From metres to pixels:  x_px = centre.x + scale (x − middle.x),  y_px = centre.y − scale (y −
// middle.y)
struct Projection {
  Rect area;           // px
  double scale = 1;    // px/m
  envs::Point middle;  // m, at the centre of the area

  Point ToPixels(envs::Point metres) const {
    return {area.centre().x + scale * (metres.x - middle.x),
            area.centre().y - scale * (metres.y - middle.y)};
  }
  envs::Point ToMetres(Point pixels) const {
    return {middle.x + (pixels.x - area.centre().x) / scale,
            middle.y - (pixels.y - area.centre().y) / scale};
  }
};

class CairoCanvas : public envs::Canvas {
 public:
  // With `only_action`, draws only the arrows of the action, in that colour: to show another
  // action, such as ∇_a Q, next to the applied one.
  CairoCanvas(Painter& painter, const Rect& area, std::optional<Colour> only_action = {});

  void View(envs::Point low, envs::Point high) override;
  void Line(envs::Point from, envs::Point to, double width, envs::Paint paint) override;
  void Circle(envs::Point centre, double radius, envs::Paint paint) override;
  void Ring(envs::Point centre, double radius, double width, envs::Paint paint) override;
  void Polygon(std::span<const envs::Point> corners, envs::Paint paint) override;
  void Text(envs::Point centre, double height, std::string_view text, envs::Paint paint) override;

  const Projection& projection() const { return projection_; }

 private:
  bool IsDrawn(envs::Paint paint) const { return !only_action_ || paint == envs::Paint::kAction; }
  Colour Of(envs::Paint paint) const;

  Painter& painter_;
  std::optional<Colour> only_action_;
  Projection projection_;
};

}  // namespace nabla::viewer
