#include "apps/viewer/drawing/ticks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace nabla::viewer {
namespace {

constexpr const char* kMinus = "\u2212";
constexpr double kLongestStep = 1e308;

std::string Formatted(const char* format, int precision, double value) {
  char text[64];
  std::snprintf(text, sizeof(text), format, precision, std::abs(value));
  const bool is_zero = std::string(text).find_first_of("123456789") == std::string::npos;
  return (value < 0 && !is_zero ? kMinus : "") + std::string(text);
}

// "2e−7", "1.5e12".
std::string Scientific(int precision, double value) {
  std::string text = Formatted("%.*e", precision, value);
  const std::size_t e = text.find('e');
  const bool negative = text[e + 1] == '-';
  const std::size_t digits = std::min(text.find_first_not_of('0', e + 2), text.size() - 1);
  return text.substr(0, e + 1) + (negative ? kMinus : "") + text.substr(digits);
}

// The number of decimals that distinguish multiples of `step`.
int DecimalsOf(double step) {
  return std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
}

// The smallest of 1, 2 and 5 times a power of ten that is at least `step`.
double RoundStep(double step) {
  const double power = std::pow(10, std::floor(std::log10(step)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= step * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

// The label of a tick: all ticks of an axis use the same unit (k, M).
std::string TickLabel(double value, double step, double largest) {
  if (largest >= 1e9 || (largest < 1e-4 && largest > 0)) {
    if (value == 0) return "0";
    const double digits = std::floor(std::log10(std::abs(value))) - std::floor(std::log10(step));
    return Scientific(std::max(0, static_cast<int>(digits)), value);
  }
  if (largest >= 1e6) return Label(value / 1e6, DecimalsOf(step / 1e6)) + (value == 0 ? "" : "M");
  if (largest >= 1e4) return Label(value / 1e3, DecimalsOf(step / 1e3)) + (value == 0 ? "" : "k");
  return Label(value, DecimalsOf(step));
}

}  // namespace

std::vector<Tick> NiceTicks(Range range, int count) {
  if (range.low == range.high) return {{range.low, Label(range.low)}};
  const auto [low, high] = Drawable(range);
  const double half_width = high / 2 - low / 2;  // the width itself may overflow
  double step = RoundStep(std::min(2 * (half_width / std::max(1, count - 1)), kLongestStep));
  const auto ticks_at = [low = low, high = high](double every) {
    return std::floor(high / every + 1e-9) - std::ceil(low / every - 1e-9) + 1;
  };
  while (ticks_at(step) < 2) step = RoundStep(step / 2.5);  // a scale needs two numbers
  const double largest = std::max(std::abs(low), std::abs(high));
  const double slack = 2e-9 * (half_width / step);
  const double last = std::floor(high / step + slack);
  std::vector<Tick> ticks;
  for (double k = std::ceil(low / step - slack); k <= last; ++k) {
    const double value = k == 0 ? 0 : k * step;
    ticks.push_back({value, TickLabel(value, step, largest)});
  }
  return ticks;
}

std::vector<Tick> LogarithmicTicks(Range range, int count) {
  const auto [low, high] = DrawableLogarithmic(range);
  const double first = std::floor(std::log10(low)), last = std::ceil(std::log10(high));
  const double decades = last - first;
  const double every = std::max(1.0, std::ceil(decades / std::max(1, count)));
  const bool between = decades <= 0.5 * count;
  std::vector<Tick> ticks;
  for (double power = first; power <= last; power += every) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double value = factor * std::pow(10, power);
      if (!std::isfinite(value) || (factor > 1 && !between)) continue;
      if (value < low * (1 - 1e-9) || value > high * (1 + 1e-9)) continue;
      const bool is_plain = value >= 1e-3 && value < 1e4;
      ticks.push_back(
          {value, is_plain ? Label(value, DecimalsOf(std::pow(10, power))) : Scientific(0, value)});
    }
  }
  return ticks;
}

std::string Label(double value, int decimals) {
  if (!std::isfinite(value)) return "–";
  return std::abs(value) < 1e15 ? Formatted("%.*f", decimals, value) : Scientific(1, value);
}

std::string Label(double value) {
  if (!std::isfinite(value)) return "–";
  const double size = std::abs(value);
  if (size >= 1e6 || (size < 1e-3 && size > 0)) return Scientific(1, value);
  const int whole = size > 0 ? 1 + static_cast<int>(std::floor(std::log10(size))) : 1;
  return Formatted("%.*f", std::max(0, 3 - whole), value);
}

std::string Label(std::int64_t value) {
  std::string digits = std::to_string(value);
  if (value < 0) digits.erase(0, 1);
  for (std::size_t end = digits.size(); end > 3;) {
    end -= 3;
    digits.insert(end, ",");
  }
  return (value < 0 ? kMinus : "") + digits;
}

}  // namespace nabla::viewer
