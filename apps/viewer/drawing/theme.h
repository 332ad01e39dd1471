// Theme: the colours and sizes of a picture. Everything that is drawn takes them from here.
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
  Colour muted_text;  // units, hints, names of axes

  // Lines and dots. They differ from each other for the colour-blind too, in the order of use.
  std::array<Colour, 5> series;
  Colour action;    // what acts
  Colour gradient;  // ∇_a Q
  Colour push;      // the mouse
  Colour warning;   // paused, recording
  Colour zero;      // the middle of a diverging colour map

  // px, of a picture of a given size.
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

  // How the environment's own drawings look.
  Colour Of(envs::Paint paint) const;
};

inline constexpr const char* kDefaultFont = "DejaVu Sans";

// For a picture of width × height px: sizes grow with it, legible from 640 × 360 up.
Theme MakeTheme(bool dark, int width, int height, const std::string& font = kDefaultFont);

// Throws agent::InputError that names a way out if the system has no font family `name`.
void RequireFont(const std::string& name);

}  // namespace nabla::viewer
