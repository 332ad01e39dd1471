// Layout: where each panel stands in a picture of a given size.
//
// Panels stand in columns of equal width, in the order of the enum from top to bottom and left to
// right; heights in a column go by weight. The number of columns is the one whose panels come
// nearest to their best shape. Panels that would fall below their least legible size are left out,
// the last first, and named, so that the picture can say so.
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
  std::vector<Panel> left_out;      // no room for these
  Rect status;                      // the line at the bottom
};

// The least legible size of a panel in px of a theme of scale 1.
inline constexpr double kLeastPanelWidth = 230;
inline constexpr double kLeastPanelHeight = 150;

// `environments` stand side by side in their panel, which is the wider for it.
Layout MakeLayout(int width, int height, const Theme& theme, const PanelSet& panels,
                  std::size_t environments = 1);

}  // namespace nabla::viewer
