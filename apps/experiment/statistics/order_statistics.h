// Order statistics of values that may be infinite or NaN.
#pragma once

#include <vector>

namespace nabla::experiment {

// The percentile q in [0, 1] of ascending values, interpolated linearly as in numpy.percentile.
// Values may be infinite; NaN if one is NaN. Throws std::invalid_argument for no values.
double Percentile(const std::vector<double>& ascending, double q);

// The same for the median, of values in any order.
double Median(std::vector<double> values);

// The order of scores. A NaN is the score of a diverged run and worse than every number, −∞ too;
// comparing with < alone would leave the order of a sort undefined.
bool IsBetter(double a, double b);

// As Percentile, for values in any order; sorts them partly.
double PercentileOf(std::vector<double>& values, double q);

// Values with a NaN have no order: they are never sorted, and their order statistics are NaN.
bool HasNan(const std::vector<double>& values);

}  // namespace nabla::experiment
