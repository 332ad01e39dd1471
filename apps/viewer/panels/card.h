// What the panels share: the card they stand on, and how a panel is divided.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apps/viewer/drawing/painter.h"
#include "apps/viewer/drawing/plot.h"

namespace nabla::viewer {

// The background with its outline. Returns the room inside.
Rect DrawCard(Painter& painter, const Rect& area);

// The card with a title, after it `note` in muted letters, and a legend at the right.
Rect DrawCard(Painter& painter, const Rect& area, std::string_view title,
              std::string_view note = "", const std::vector<LegendEntry>& legend = {});

// The room inside a card with a title in `area`, without drawing it.
Rect InsideCard(const Rect& area, const Theme& theme);

// "2 of 5 shown", where a panel has no room for all it has to show; "" where it has.
std::string ShownOf(std::size_t shown, std::size_t all);

// In the middle of `area`, where there is nothing to show yet.
void DrawNotYet(Painter& painter, const Rect& area, std::string_view text);

// A word on a rounded ground of `colour`. Returns its width. (x, y) is its left, middle.
double DrawBadge(Painter& painter, Point at, std::string_view text, const Colour& colour);
double BadgeWidth(Painter& painter, std::string_view text);

// `count` equal parts of `area` in the grid of rows and columns whose cells come nearest to
// `shape` = width / height, row by row; at most as many as stay `least_width` × `least_height`.
std::vector<Rect> Grid(const Rect& area, std::size_t count, double shape, double least_width,
                       double least_height, double gap);

}  // namespace nabla::viewer
