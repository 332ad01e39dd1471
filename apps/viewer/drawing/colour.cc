#include "apps/viewer/drawing/colour.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string>

namespace nabla::viewer {
namespace {

using Triple = LinearRgb;
using Square = std::array<Triple, 3>;

double Linear(double channel) {
  return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double Encoded(double channel) {
  channel = std::clamp(channel, 0.0, 1.0);
  return channel <= 0.0031308 ? 12.92 * channel : 1.055 * std::pow(channel, 1 / 2.4) - 0.055;
}

Triple Times(const Square& matrix, const Triple& v) {
  Triple result{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) result[i] += matrix[i][j] * v[j];
  }
  return result;
}

// Linear sRGB -> cone responses -> OKLab, and back.
constexpr Square kToCones = {{{0.4122214708, 0.5363325363, 0.0514459929},
                              {0.2119034982, 0.6806995451, 0.1073969566},
                              {0.0883024619, 0.2817188376, 0.6299787005}}};
constexpr Square kConesToLab = {{{0.2104542553, 0.7936177850, -0.0040720468},
                                 {1.9779984951, -2.4285922050, 0.4505937099},
                                 {0.0259040371, 0.7827717662, -0.8086757660}}};
constexpr Square kLabToCones = {{{1, 0.3963377774, 0.2158037573},
                                 {1, -0.1055613458, -0.0638541728},
                                 {1, -0.0894841775, -1.2914855480}}};
constexpr Square kFromCones = {{{4.0767416621, -3.3077115913, 0.2309699292},
                                {-1.2684380046, 2.6097574011, -0.3413193965},
                                {-0.0041960863, -0.7034186147, 1.7076147010}}};

}  // namespace

Colour FromHex(std::string_view text) {
  unsigned value = 0;
  const char* const end = text.data() + text.size();
  if (text.size() == 7 && text[0] == '#') {
    const auto [rest, error] = std::from_chars(text.data() + 1, end, value, 16);
    if (error == std::errc() && rest == end) {
      return {(value >> 16) / 255.0, (value >> 8 & 255) / 255.0, (value & 255) / 255.0};
    }
  }
  throw std::invalid_argument("'" + std::string(text) + "' is not a colour; use the form #1f2430");
}

LinearRgb ToLinear(const Colour& colour) {
  return {Linear(colour.red), Linear(colour.green), Linear(colour.blue)};
}

Colour FromLinear(const LinearRgb& rgb) {
  return {Encoded(rgb[0]), Encoded(rgb[1]), Encoded(rgb[2])};
}

Lab ToLab(const Colour& colour) {
  Triple cones = Times(kToCones, ToLinear(colour));
  for (double& cone : cones) cone = std::cbrt(cone);
  const Triple lab = Times(kConesToLab, cones);
  return {lab[0], lab[1], lab[2]};
}

Colour FromLab(const Lab& lab) {
  Triple cones = Times(kLabToCones, {lab.lightness, lab.a, lab.b});
  for (double& cone : cones) cone = cone * cone * cone;
  return FromLinear(Times(kFromCones, cones));
}

Colour Mix(const Colour& from, const Colour& to, double t) {
  const Lab x = ToLab(from), y = ToLab(to);
  const auto between = [t](double low, double high) { return low + t * (high - low); };
  return FromLab({between(x.lightness, y.lightness), between(x.a, y.a), between(x.b, y.b)})
      .WithAlpha(between(from.alpha, to.alpha));
}

}  // namespace nabla::viewer
