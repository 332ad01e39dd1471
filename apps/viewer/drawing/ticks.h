// Numbers as people read them: ticks at 1, 2 and 5 times powers of ten, and short labels.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nabla::viewer {

struct Tick {
  double value = 0;
  std::string label;
};

// At most about `count` round values within [low, high], and two at least unless it is a point.
std::vector<Tick> NiceTicks(double low, double high, int count);

// Powers of ten within [low, high], both > 0, and 2 and 5 times them where there is room.
std::vector<Tick> LogarithmicTicks(double low, double high, int count);

// "-12.5", "20k", "3M", "1e-7": what `decimals` asks for, a true minus sign, "–" for no number.
std::string Label(double value, int decimals);
// With three significant digits.
std::string Label(double value);
// "12,345".
std::string Label(std::int64_t value);

// [low, high] widened by `share` of its range at both ends; one that is a point is given a width.
struct Range {
  double low = 0;
  double high = 0;
};
Range Widened(Range range, double share);
// Spans the values given to it.
class Extent {
 public:
  void Add(double value);  // one that is not finite is left out
  bool empty() const { return low_ > high_; }
  Range range() const { return empty() ? Range{0, 1} : Range{low_, high_}; }

 private:
  double low_ = 1e300;
  double high_ = -1e300;
};

}  // namespace nabla::viewer
