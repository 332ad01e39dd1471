// What tests need to know about the perception of colours.
#pragma once

#include "apps/viewer/drawing/colour.h"

namespace nabla::viewer::test {

// The contrast ratio of two opaque colours, (L₁ + 0.05) / (L₂ + 0.05) for relative luminances
// L₁ ≥ L₂, between 1 and 21 (W3C, WCAG 2.1). Text needs 4.5, lines and dots need 3.
double Contrast(const Colour& a, const Colour& b);

double Distance(const Lab& a, const Lab& b);

// A colour as seen without one type of cone (Machado, Oliveira & Fernandes 2009, severity 1).
enum class ColourBlindness { kProtan, kDeutan, kTritan };
Colour Simulate(const Colour& colour, ColourBlindness kind);

}  // namespace nabla::viewer::test
