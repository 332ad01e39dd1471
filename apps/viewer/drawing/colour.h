// Colours in sRGB, and in OKLab for perceptual distances.
//
// OKLab (Björn Ottosson 2020, "A perceptual color space for image processing") is a linear map and
// a cube root of linear RGB. Equal distances in it look about equally different.
#pragma once

#include <array>
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

// Red, green and blue proportional to the light, in [0, 1], and back, clipped.
using LinearRgb = std::array<double, 3>;
LinearRgb ToLinear(const Colour& colour);
Colour FromLinear(const LinearRgb& rgb);

struct Lab {
  double lightness = 0;  // 0 black … 1 white
  double a = 0;          // green … red
  double b = 0;          // blue … yellow
};

Lab ToLab(const Colour& colour);
Colour FromLab(const Lab& lab);  // clipped to sRGB

// Linear interpolation in OKLab, t in [0, 1].
Colour Mix(const Colour& from, const Colour& to, double t);

}  // namespace nabla::viewer
