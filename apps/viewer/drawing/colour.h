// Colours: sRGB for the screen, OKLab for what the eye sees.
//
// OKLab (Björn Ottosson 2020, "A perceptual color space for image processing") is a rotation and a
// cube root of linear RGB in which equal distances look about equally different.
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

// Of opaque colours: (L₁ + 0.05) / (L₂ + 0.05) for relative luminances L₁ ≥ L₂, 1 … 21
// (W3C, WCAG 2.1, "contrast ratio"). Text wants 4.5, lines and dots want 3.
double Contrast(const Colour& a, const Colour& b);

struct Lab {
  double lightness = 0;  // 0 black … 1 white
  double a = 0;          // green … red
  double b = 0;          // blue … yellow
};

Lab ToLab(const Colour& colour);
Colour FromLab(const Lab& lab);  // clipped to what a screen can show
double Distance(const Lab& a, const Lab& b);

// The straight way from one colour to another as the eye sees it, t in [0, 1].
Colour Mix(const Colour& from, const Colour& to, double t);

// How people without one kind of cone see it (Machado, Oliveira & Fernandes 2009, severity 1).
enum class ColourBlindness { kProtan, kDeutan, kTritan };
Colour Simulate(const Colour& colour, ColourBlindness kind);

}  // namespace nabla::viewer
