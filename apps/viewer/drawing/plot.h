// Plot: two axes with ticks, names and units, and the way from numbers to pixels between them.
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

namespace nabla::viewer {

struct Axis {
  Range range;
  std::string name = {};     // with its unit: "speed (rad/s)"; "" takes no room
  bool logarithmic = false;  // of a range above 0
  bool labelled = true;      // numbers at the ticks
};

class Plot {
 public:
  // Makes room for the numbers and names of both axes in `area`.
  Plot(Painter& painter, const Rect& area, Axis x, Axis y);

  const Rect& inner() const { return inner_; }
  double X(double value) const { return inner_.x + inner_.width * Share(x_, value); }
  double Y(double value) const { return inner_.bottom() - inner_.height * Share(y_, value); }
  Point At(double x, double y) const { return {X(x), Y(y)}; }

  // Grid, frame, numbers and names; curves come on top of it.
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

// In one row that ends at the right edge of `row`; entries that find no room are left out from the
// end. Returns the row that is left of it.
Rect DrawLegend(Painter& painter, Rect row, const std::vector<LegendEntry>& entries);

// The colours of `table`'s range from bottom to top, with numbers at the right.
void DrawColourBar(Painter& painter, const Rect& area, const Surface& colours, Range range);
double ColourBarWidth(Painter& painter, Range range);

}  // namespace nabla::viewer
