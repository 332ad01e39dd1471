// Layout: the place of each panel in a picture of a given size.
//
// Panels fill columns of equal width, in the order of kPanelTable from top to bottom and left to
// right. Heights in a column are proportional to PanelInfo::weight. The number of columns is the
// one whose panels come closest to their preferred aspect ratios. If panels would be smaller than
// the minimum size, the last ones are omitted.
#pragma once

#include <vector>

#include "apps/viewer/drawing/theme.h"
#include "apps/viewer/scene/geometry.h"
#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer {

struct PlacedPanel {
  Panel panel;
  Rect rect;  // whole px
};

struct Layout {
  std::vector<PlacedPanel> panels;  // no two overlap
  std::vector<Panel> omitted;       // for lack of space
  Rect status;                      // the line at the bottom
};

// The minimum size of a panel in px, for a theme of scale 1.
inline constexpr double kMinPanelWidth = 230;
inline constexpr double kMinPanelHeight = 150;

// With several `environments` their panel is wider, to show them side by side.
Layout MakeLayout(int width, int height, const Theme& theme, const PanelSet& panels,
                  std::size_t environments = 1);

}  // namespace nabla::viewer
