// Colours in sRGB, and in OKLab for perceptual distances.
//
// OKLab (Björn Ottosson 2020, "A perceptual color space for image processing") is a linear map and
// a cube root of linear RGB. Equal distances in it look about equally different.
#pragma once

#include <string_view>

namespace nabla::viewer {

// sRGB in [0, 1], with opacity.
struct Colour {
  double red = 0;
  double green = 0;
  double blue = 0;
  double alpha = 1;

  Colour WithAlpha(double opacity) const { return {red, green, blue, opacity}; }
  friend bool operator==(const Colour&, const Colour&) = default;
};

// "#1f2430". Throws std::invalid_argument for anything else.
Colour FromHex(std::string_view text);

// The contrast ratio of two opaque colours, (L₁ + 0.05) / (L₂ + 0.05) for relative luminances
// L₁ ≥ L₂, between 1 and 21 (W3C, WCAG 2.1). Text needs 4.5, lines and dots need 3.
double Contrast(const Colour& a, const Colour& b);

struct Lab {
  double lightness = 0;  // 0 black … 1 white
  double a = 0;          // green … red
  double b = 0;          // blue … yellow
};

Lab ToLab(const Colour& colour);
Colour FromLab(const Lab& lab);  // clipped to sRGB
double Distance(const Lab& a, const Lab& b);

// Linear interpolation in OKLab, t in [0, 1].
Colour Mix(const Colour& from, const Colour& to, double t);

// A colour as seen without one type of cone (Machado, Oliveira & Fernandes 2009, severity 1).
enum class ColourBlindness { kProtan, kDeutan, kTritan };
Colour Simulate(const Colour& colour, ColourBlindness kind);

}  // namespace nabla::viewer
