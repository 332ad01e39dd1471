// Axis ticks at 1, 2 and 5 times powers of ten, and short labels of numbers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nabla::viewer {

struct Tick {
  double value = 0;
  std::string label;
};

// About `count` round values in [low, high], at least two unless low == high.
std::vector<Tick> NiceTicks(double low, double high, int count);

// Powers of ten in [low, high], both > 0, and 2 and 5 times them if there is room.
std::vector<Tick> LogarithmicTicks(double low, double high, int count);

// `value` with `decimals` decimals and a typographic minus sign; "–" if it is not finite.
std::string Label(double value, int decimals);
// `value` with three significant digits.
std::string Label(double value);
// "12,345".
std::string Label(std::int64_t value);

}  // namespace nabla::viewer
