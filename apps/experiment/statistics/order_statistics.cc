#include "apps/experiment/statistics/order_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace nabla::experiment {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// (1 − f) a + f b for 0 ≤ f < 1 and a ≤ b. Also for infinite ends, except from −∞ to ∞.
double Interpolate(double a, double b, double f) {
  return a == b || f == 0 || std::isinf(a) ? a : a + f * (b - a);
}

}  // namespace

bool HasNan(const std::vector<double>& values) {
  return std::any_of(values.begin(), values.end(), [](double value) { return std::isnan(value); });
}

double PercentileOf(std::vector<double>& values, double q) {
  if (HasNan(values)) return kNan;
  const double position = q * static_cast<double>(values.size() - 1);
  const auto k = static_cast<std::size_t>(position);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(k);
  std::nth_element(values.begin(), at, values.end());
  if (k + 1 == values.size()) return *at;
  const double next = *std::min_element(at + 1, values.end());
  return Interpolate(*at, next, position - static_cast<double>(k));
}

double Percentile(const std::vector<double>& ascending, double q) {
  if (ascending.empty()) throw std::invalid_argument("a percentile of no values");
  if (HasNan(ascending)) return kNan;
  const double position = q * static_cast<double>(ascending.size() - 1);
  const auto k = static_cast<std::size_t>(position);
  if (k + 1 >= ascending.size()) return ascending.back();
  return Interpolate(ascending[k], ascending[k + 1], position - static_cast<double>(k));
}

double Median(std::vector<double> values) {
  if (values.empty()) throw std::invalid_argument("a median of no values");
  if (HasNan(values)) return kNan;
  const std::size_t half = values.size() / 2;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(half);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  const double lower = *std::max_element(values.begin(), middle);
  return lower == *middle ? lower : (lower + *middle) / 2;
}

bool IsBetter(double a, double b) { return a > b || (std::isnan(b) && !std::isnan(a)); }

}  // namespace nabla::experiment
