// Elements that the panels share: the card behind a panel, badges and grids.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apps/viewer/drawing/painter.h"
#include "apps/viewer/drawing/plot.h"

namespace nabla::viewer {

// Draws background and outline. Returns the area inside.
Rect DrawCard(Painter& painter, const Rect& area);

// Draws a card with a title, a note in muted text after it, and a legend at the right. Returns the
// area below the title.
Rect DrawCard(Painter& painter, const Rect& area, std::string_view title,
              std::string_view note = "", const std::vector<LegendEntry>& legend = {});

// The area inside a card with a title, without drawing the card.
Rect InsideCard(const Rect& area, const Theme& theme);

// "2 of 5 shown" if shown < all, else "".
std::string ShownOf(std::size_t shown, std::size_t all);

// Draws `text` in the middle of an empty panel.
void DrawEmpty(Painter& painter, const Rect& area, std::string_view text);

// Draws a word on a rounded background of `colour`; `at` is the middle of its left edge. Returns
// its width.
double DrawBadge(Painter& painter, Point at, std::string_view text, const Colour& colour);
double BadgeWidth(Painter& painter, std::string_view text);

// Up to `count` equal cells of a grid in `area`, row by row: the grid whose cells are closest to
// `aspect` = width / height. There are fewer cells if they would be smaller than `min_width` ×
// `min_height`.
std::vector<Rect> Grid(const Rect& area, std::size_t count, double aspect, double min_width,
                       double min_height, double gap);

}  // namespace nabla::viewer
