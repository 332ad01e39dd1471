// Range: an interval of numbers; Extent: the smallest one that holds given numbers.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace nabla::viewer {

struct Range {
  double low = 0;
  double high = 0;

  double width() const { return high - low; }
};

// `range`, with `share` of its width added at both ends. A range of width 0 becomes wider than 0.
inline Range Widened(Range range, double share) {
  const double margin =
      range.width() > 0 ? share * range.width() : std::max(0.5, 0.1 * std::abs(range.low));
  return {range.low - margin, range.high + margin};
}

// The order statistics of values that may be NaN or infinite: those are ignored.
class Extent {
 public:
  void Add(double value) {
    if (!std::isfinite(value)) return;
    range_.low = std::min(range_.low, value);
    range_.high = std::max(range_.high, value);
  }
  template <class Values>
  void AddAll(const Values& values) {
    for (const auto value : values) Add(static_cast<double>(value));
  }

  bool empty() const { return range_.low > range_.high; }
  // [0, 1] if no finite value was added.
  Range range() const { return empty() ? Range{0, 1} : range_; }

 private:
  Range range_ = {std::numeric_limits<double>::infinity(),
                  -std::numeric_limits<double>::infinity()};
};

}  // namespace nabla::viewer
