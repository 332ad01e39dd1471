// Plot: two axes with ticks and names, and the mapping from values to pixels.
//
//   y name             legend
//   1 ┌───────────────────┐
//     │                   │
//   0 └───────────────────┘
//     0        1          2
//               x name
#pragma once

#include <string>
#include <vector>

#include "apps/viewer/drawing/painter.h"
#include "apps/viewer/drawing/ticks.h"
#include "apps/viewer/scene/range.h"

namespace nabla::viewer {

struct Axis {
  Range range;
  std::string name = {};  // with its unit: "speed (rad/s)"; "" takes no space
  bool logarithmic = false;
  bool labelled = true;  // numbers at the ticks
};

class Plot {
 public:
  // Reserves space for the numbers and names of both axes in `area`.
  Plot(Painter& painter, const Rect& area, Axis x, Axis y);

  const Rect& inner() const { return inner_; }
  double X(double value) const { return inner_.x + inner_.width * Share(x_, value); }
  double Y(double value) const { return inner_.bottom() - inner_.height * Share(y_, value); }
  Point At(double x, double y) const { return {X(x), Y(y)}; }

  // Draws grid, frame, numbers and names, below the curves.
  void Draw() const;

 private:
  static double Share(const Axis& axis, double value);
  void DrawTicks() const;

  Painter& painter_;
  Rect area_;
  Axis x_, y_;
  std::vector<Tick> x_ticks_, y_ticks_;
  Rect inner_;
};

struct LegendEntry {
  std::string text;
  Colour colour;
  enum class Mark { kLine, kDot, kBand } mark = Mark::kLine;
};

// Draws the legend right-aligned in `row`, without the last entries if there is no room. Returns
// the remaining part of the row.
Rect DrawLegend(Painter& painter, Rect row, const std::vector<LegendEntry>& entries);

// `colours` from bottom to top with numbers to the right.
void DrawColourBar(Painter& painter, const Rect& area, const Surface& colours, Range range);
double ColourBarWidth(Painter& painter, Range range);

}  // namespace nabla::viewer
