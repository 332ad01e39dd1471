// Perceptually uniform colour maps from [0, 1].
#pragma once

#include <array>
#include <cstdint>

#include "apps/viewer/drawing/colour.h"
#include "apps/viewer/scene/range.h"

namespace nabla::viewer {

// viridis (Stéfan van der Walt & Nathaniel Smith 2015, public domain, github.com/BIDS/colormap,
// option_d.py): every 15th of its 256 entries, interpolated linearly.
Colour Viridis(double t);

// For quantities around zero (t = 0.5): from blue over `middle` to orange, linear in OKLab.
Colour Diverging(double t, const Colour& middle);

// A colour map sampled at 256 values, as 0xffRRGGBB.
using ColourTable = std::array<std::uint32_t, 256>;
const ColourTable& ViridisTable();
ColourTable DivergingTable(const Colour& middle);

// The colour of `value` in `range`; `missing` if it is not finite.
std::uint32_t Lookup(const ColourTable& table, double value, Range range, std::uint32_t missing);

std::uint32_t Packed(const Colour& colour);  // 0xffRRGGBB

}  // namespace nabla::viewer
