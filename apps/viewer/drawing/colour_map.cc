#include "apps/viewer/drawing/colour_map.h"

#include <algorithm>
#include <cmath>

namespace nabla::viewer {
namespace {

struct Rgb {
  double red, green, blue;
};

constexpr std::array<Rgb, 18> kViridis = {{
    {0.26700401, 0.00487433, 0.32941519},
    {0.28192358, 0.08966622, 0.41241521},
    {0.28025468, 0.16569272, 0.47649762},
    {0.26366320, 0.23763078, 0.51876163},
    {0.23744138, 0.30520222, 0.54192140},
    {0.20862342, 0.36775151, 0.55267486},
    {0.18225561, 0.42618405, 0.55712010},
    {0.15919413, 0.48223740, 0.55807280},
    {0.13777048, 0.53749213, 0.55490625},
    {0.12114807, 0.59273889, 0.54464114},
    {0.12808703, 0.64774881, 0.52349092},
    {0.18065314, 0.70140222, 0.48818938},
    {0.27414922, 0.75198807, 0.43660090},
    {0.39517408, 0.79747541, 0.36775726},
    {0.53562110, 0.83578452, 0.28190832},
    {0.68894351, 0.86544779, 0.18272455},
    {0.84556056, 0.88732243, 0.09970219},
    {0.99324789, 0.90615657, 0.14393620},
}};

// Maps [0, 1] to 0 … 255, and NaN to 0.
std::uint32_t Byte(double share) {
  return share > 0 ? static_cast<std::uint32_t>(std::lround(std::min(share, 1.0) * 255)) : 0;
}

template <class Map>
ColourTable MakeTable(const Map& map) {
  ColourTable table;
  for (std::size_t i = 0; i < table.size(); ++i) {
    table[i] = Packed(map(static_cast<double>(i) / (table.size() - 1)));
  }
  return table;
}

}  // namespace

Colour Viridis(double t) {
  const double at = std::clamp(t, 0.0, 1.0) * (kViridis.size() - 1);
  const auto i = std::min(static_cast<std::size_t>(at), kViridis.size() - 2);
  const double rest = at - static_cast<double>(i);
  const Rgb &low = kViridis[i], &high = kViridis[i + 1];
  return {low.red + rest * (high.red - low.red), low.green + rest * (high.green - low.green),
          low.blue + rest * (high.blue - low.blue)};
}

Colour Diverging(double t, const Colour& middle) {
  static const Colour blue = FromHex("#2f7fd1"), orange = FromHex("#e0701b");
  t = std::clamp(t, 0.0, 1.0);
  return t < 0.5 ? Mix(blue, middle, 2 * t) : Mix(middle, orange, 2 * t - 1);
}

const ColourTable& ViridisTable() {
  static const ColourTable table = MakeTable(Viridis);
  return table;
}

ColourTable DivergingTable(const Colour& middle) {
  return MakeTable([&middle](double t) { return Diverging(t, middle); });
}

std::uint32_t Lookup(const ColourTable& table, double value, Range range, std::uint32_t missing) {
  if (!std::isfinite(value)) return missing;
  return table[Byte(range.Share(value))];
}

std::uint32_t Packed(const Colour& colour) {
  return 0xff000000u | Byte(colour.red) << 16 | Byte(colour.green) << 8 | Byte(colour.blue);
}

}  // namespace nabla::viewer
