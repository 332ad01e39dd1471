// Theme: the colours and sizes of a picture.
#pragma once

#include <array>
#include <string>

#include "apps/viewer/drawing/colour.h"
#include "envs/drawing/canvas.h"

namespace nabla::viewer {

struct Theme {
  bool dark = true;

  Colour ground;      // between the panels
  Colour card;        // behind a panel
  Colour outline;     // around a panel
  Colour grid;        // behind curves
  Colour axis;        // frames and ticks of plots
  Colour text;        // titles, numbers
  Colour muted_text;  // units, notes, names of axes

  // Lines and dots, in the order of use; also distinguishable for colour-blind users.
  std::array<Colour, 5> series;
  Colour action;    // the applied action
  Colour gradient;  // ∇_a Q
  Colour push;      // dragging with the mouse
  Colour warning;   // paused, recording
  Colour zero;      // the middle of a diverging colour map

  // px
  double scale = 1;        // 1 at 1280 × 720
  double small_text = 11;  // ticks, units
  double body_text = 12;
  double title_text = 13;
  double big_text = 20;  // the clock
  double line = 1.6;     // curves
  double hairline = 1;   // grids, outlines
  double gap = 8;        // between panels, and inside them
  double corner = 6;     // radius of a panel's corners

  std::string font;

  // The colour of a drawing of an environment.
  Colour Of(envs::Paint paint) const;
};

inline constexpr const char* kDefaultFont = "DejaVu Sans";

// For a picture of width × height px: sizes scale with it; legible from 640 × 360.
Theme MakeTheme(bool dark, int width, int height, const std::string& font = kDefaultFont);

// Throws agent::InputError if the system has no font family `name`.
void RequireFont(const std::string& name);

}  // namespace nabla::viewer
