// Colour maps: numbers in [0, 1] to colours whose lightness or hue changes evenly to the eye.
#pragma once

#include <array>
#include <cstdint>

#include "apps/viewer/drawing/colour.h"

namespace nabla::viewer {

// viridis (Stéfan van der Walt & Nathaniel Smith 2015, public domain, github.com/BIDS/colormap,
// option_d.py): every 15th of its 256 entries, straight lines between them.
Colour Viridis(double t);

// For quantities around zero at t = 0.5: blue to orange by way of `middle`, straight in OKLab.
Colour Diverging(double t, const Colour& middle);

// A map ready for pictures: 256 entries of 0xffRRGGBB.
using ColourTable = std::array<std::uint32_t, 256>;
const ColourTable& ViridisTable();
ColourTable DivergingTable(const Colour& middle);

// The entry of `value` between `minimum` and `maximum`; a value that is not finite is `missing`.
std::uint32_t Entry(const ColourTable& table, double value, double minimum, double maximum,
                    std::uint32_t missing);

std::uint32_t Packed(const Colour& colour);  // 0xffRRGGBB

}  // namespace nabla::viewer
