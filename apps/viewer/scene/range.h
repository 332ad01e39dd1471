// Range: an interval of numbers; Extent: the smallest one that holds given numbers.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace nabla::viewer {

struct Range {
  double low = 0;
  double high = 0;

  double width() const { return high - low; }  // may be infinite
  // The position of `value`: 0 at low, 1 at high; 1/2 if the width is 0. Halves do not overflow.
  double Share(double value) const {
    return high > low ? (value / 2 - low / 2) / (high / 2 - low / 2) : 0.5;
  }
  // The value at a share, without overflow.
  double At(double share) const { return std::lerp(low, high, share); }
};

// The nearest range that an axis can show: its ends are finite, and far enough apart for the
// numbers between them to differ.
inline Range Drawable(Range range) {
  constexpr double kMost = std::numeric_limits<double>::max();
  if (std::isnan(range.low) || std::isnan(range.high) || range.low > range.high) return {0, 1};
  range = {std::clamp(range.low, -kMost, kMost), std::clamp(range.high, -kMost, kMost)};
  const double least = std::max(1e-300, 1e-9 * std::max(std::abs(range.low), std::abs(range.high)));
  if (range.width() >= least) return range;
  return {std::max(-kMost, range.low - least / 2), std::min(kMost, range.high + least / 2)};
}

// The same for a logarithmic axis, whose ends are > 0.
inline Range DrawableLogarithmic(Range range) {
  using Limits = std::numeric_limits<double>;
  const double low = range.low > 0 ? std::min(range.low, Limits::max() / 2) : Limits::min();
  const double high = std::isnan(range.high) ? low : std::min(range.high, Limits::max());
  return {low, std::max(high, 1.01 * low)};
}

// `range`, with `share` of its width added at both ends. A range of width 0 becomes wider than 0.
inline Range Widened(Range range, double share) {
  const double margin =
      range.width() > 0 ? share * range.width() : std::max(0.5, 0.1 * std::abs(range.low));
  return Drawable({range.low - margin, range.high + margin});
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
