// Painter: draws shapes and text, in px from the upper left corner. What is not finite, or too
// large or too far away for Cairo, is skipped. Bytes of a text that are not printable UTF-8 appear
// as \xNN.
//
// VerticalAlign::kMiddle puts the middle of capital letters at the anchor, so that texts of
// different sizes look level.
#pragma once

#include <cairo.h>

#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "apps/viewer/drawing/surface.h"
#include "apps/viewer/drawing/theme.h"
#include "apps/viewer/scene/geometry.h"

namespace nabla::viewer {

enum class HorizontalAlign { kLeft, kCentre, kRight };
enum class VerticalAlign { kTop, kMiddle, kBottom };

struct TextStyle {
  double size = 12;  // px
  Colour colour;
  HorizontalAlign horizontal = HorizontalAlign::kLeft;
  VerticalAlign vertical = VerticalAlign::kMiddle;
  bool bold = false;
};

class Painter {
 public:
  // `surface` and `theme` must outlive the painter.
  Painter(Surface& surface, const Theme& theme)
      : Painter(surface.get(), surface.width(), surface.height(), theme) {}
  // For any surface of Cairo, of width × height px.
  Painter(cairo_surface_t* surface, double width, double height, const Theme& theme);

  const Theme& theme() const { return theme_; }
  Rect bounds() const { return {0, 0, width_, height_}; }

  void Fill(const Rect& rect, const Colour& colour);
  void FillRounded(const Rect& rect, double radius, const Colour& colour);
  void StrokeRounded(const Rect& rect, double radius, double width, const Colour& colour);
  void Line(Point from, Point to, double width, const Colour& colour);
  void DashedLine(Point from, Point to, double width, const Colour& colour);
  void Polyline(std::span<const Point> points, double width, const Colour& colour);
  void Polygon(std::span<const Point> corners, const Colour& colour);
  void Circle(Point centre, double radius, const Colour& colour);
  void Ring(Point centre, double radius, double width, const Colour& colour);
  // A line with a head; nothing if it is shorter than half a pixel.
  void Arrow(Point from, Point to, double width, const Colour& colour);

  // Draws many dots of one colour at once, which is fast.
  void Dots(std::span<const Point> centres, double radius, const Colour& colour);

  // `source` scaled to `rect`, interpolated if `smooth`, else as cells.
  void Picture(const Surface& source, const Rect& rect, bool smooth);

  void Text(Point anchor, std::string_view text, const TextStyle& style);
  // A name, a unit or a number at an axis: small muted text, Fitted to `width`.
  void Note(Point anchor, std::string_view text,
            HorizontalAlign horizontal = HorizontalAlign::kLeft,
            double width = std::numeric_limits<double>::infinity());
  double TextWidth(std::string_view text, double size, bool bold = false);
  // `text`, or its beginning and "…" if it is wider than `width`.
  std::string Fitted(std::string_view text, double width, double size, bool bold = false);

  // Restricts drawing to `rect` during its lifetime.
  class Clip {
   public:
    Clip(Painter& painter, const Rect& rect);
    ~Clip();
    Clip(const Clip&) = delete;
    Clip& operator=(const Clip&) = delete;

   private:
    cairo_t* context_;
  };

 private:
  struct Destroy {
    void operator()(cairo_t* context) const { cairo_destroy(context); }
  };

  void Use(const Colour& colour);
  void UseFont(double size, bool bold);
  cairo_text_extents_t Measure(const std::string& letters);  // in the font in use
  void Path(std::span<const Point> points);
  void RoundedPath(const Rect& rect, double radius);

  const Theme& theme_;
  double width_, height_;
  std::unique_ptr<cairo_t, Destroy> owned_;
  cairo_t* context_;
};

}  // namespace nabla::viewer
