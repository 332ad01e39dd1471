// Axis ticks at 1, 2 and 5 times powers of ten, and short labels of numbers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/viewer/scene/range.h"

namespace nabla::viewer {

struct Tick {
  double value = 0;
  std::string label;
};

// About `count` round values in the range, at least two; the value itself in a range of width 0.
// Ranges may have any ends: what an axis cannot show is replaced by the nearest that it can.
std::vector<Tick> NiceTicks(Range range, int count);

// Powers of ten in the range, whose ends are > 0, and 2 and 5 times them if there is room.
std::vector<Tick> LogarithmicTicks(Range range, int count);

// `value` with `decimals` decimals and a typographic minus sign, from 10¹⁵ on as "1.5e17"; "–" if
// it is not finite.
std::string Label(double value, int decimals);
// `value` with three significant digits.
std::string Label(double value);
// "12,345".
std::string Label(std::int64_t value);

}  // namespace nabla::viewer
