#include "tests/apps/viewer/drawing/vision.h"

#include <algorithm>
#include <cmath>

namespace nabla::viewer::test {
namespace {

// The rows map linear RGB to what the eye sees of it, for each ColourBlindness.
constexpr LinearRgb kMachado[3][3] = {{{0.152286, 1.052583, -0.204868},
                                       {0.114503, 0.786281, 0.099216},
                                       {-0.003882, -0.048116, 1.051998}},
                                      {{0.367322, 0.860646, -0.227968},
                                       {0.280085, 0.672501, 0.047413},
                                       {-0.011820, 0.042940, 0.968881}},
                                      {{1.255528, -0.076749, -0.178779},
                                       {-0.078411, 0.930809, 0.147602},
                                       {0.004733, 0.691367, 0.303900}}};

double Dot(const LinearRgb& a, const LinearRgb& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

}  // namespace

double Contrast(const Colour& a, const Colour& b) {
  constexpr LinearRgb kLuminance = {0.2126, 0.7152, 0.0722};
  const auto [darker, lighter] =
      std::minmax({Dot(kLuminance, ToLinear(a)), Dot(kLuminance, ToLinear(b))});
  return (lighter + 0.05) / (darker + 0.05);
}

double Distance(const Lab& a, const Lab& b) {
  return std::hypot(a.lightness - b.lightness, a.a - b.a, a.b - b.b);
}

Colour Simulate(const Colour& colour, ColourBlindness kind) {
  const auto& rows = kMachado[static_cast<int>(kind)];
  const LinearRgb rgb = ToLinear(colour);
  return FromLinear({Dot(rows[0], rgb), Dot(rows[1], rgb), Dot(rows[2], rgb)});
}

}  // namespace nabla::viewer::test
