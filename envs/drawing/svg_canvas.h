// SvgCanvas: pictures of environments as SVG text, without any window or library.
//
//   WriteFile("frame.svg", SvgFrame(*environment, action));
//   WriteFile("film.svg", SvgFilmStrip(*environment, moments));
#pragma once

#include <string>
#include <vector>

#include "envs/core/environment.h"
#include "envs/drawing/canvas.h"

namespace nabla::envs {

// The colour of a paint on a light or dark ground, "#1f2430"; the viewer uses the same.
const char* SvgColour(Paint paint, bool dark);

struct SvgOptions {
  double width = 480;   // px, of one frame
  double height = 360;  // px
  bool dark = false;
  int columns = 4;  // frames in a row of a film strip
};

// A moment of an episode.
struct Moment {
  Vector state;     // [state_size]
  Vector action;    // [action_size], or empty
  double time = 0;  // s, the caption
};

// A canvas of one panel in a larger picture. What lies outside the panel is cut off.
class SvgCanvas : public Canvas {
 public:
  // The panel's upper left corner and size in px.
  SvgCanvas(double left, double top, const SvgOptions& options);

  void View(Point low, Point high) override;
  void Line(Point from, Point to, double width, Paint paint) override;
  void Circle(Point centre, double radius, Paint paint) override;
  void Ring(Point centre, double radius, double width, Paint paint) override;
  void Polygon(std::span<const Point> corners, Paint paint) override;
  void Text(Point centre, double height, std::string_view text, Paint paint) override;

  // In px from the panel's lower left corner.
  void Caption(std::string_view text);

  // The panel as an SVG element.
  std::string Element() const;

 private:
  std::string X(double x) const;  // metres to px, as text
  std::string Y(double y) const;
  std::string Length(double metres) const;

  SvgOptions options_;
  double left_, top_;
  double scale_ = 1;  // px a metre
  Point middle_;      // m, at the panel's centre
  std::string body_;
};

// The present state, with `action` as an arrow (empty: none): a whole SVG document.
std::string SvgFrame(const Environment& environment, const ConstVectorRef& action,
                     const SvgOptions& options = {});

// One frame a moment, in rows, each with its time.
std::string SvgFilmStrip(const Environment& environment, const std::vector<Moment>& moments,
                         const SvgOptions& options = {});

}  // namespace nabla::envs
