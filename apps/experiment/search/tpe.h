// TPE: tree-structured Parzen estimator (Bergstra, Bardenet, Bengio & Kégl 2011, "Algorithms for
// Hyper-Parameter Optimization").
//
// The best share γ of the points makes a density l(u), the others g(u); the next point is the one
// of some drawn from l that has the largest l(u) / g(u), coordinate by coordinate. On [0, 1] a
// density is a mean of Gaussians cut to that range, one a point and a wide one for the prior, each
// as wide as the larger gap to its neighbours; over choices it is counted, one of each beforehand.
#pragma once

#include <cstddef>
#include <vector>

#include "envs/core/random.h"

namespace nabla::experiment {

// Where the search looks: a coordinate lies in [0, 1]; `choices` > 0 cuts it into that many equal
// parts without an order.
struct Coordinate {
  int choices = 0;
};

using Point = std::vector<double>;                // a value a coordinate
inline constexpr double kBelowOne = 1 - 0x1p-53;  // the largest coordinate short of it

// Points with the better ones first; two at least.
Point SuggestByTpe(const std::vector<Coordinate>& coordinates, const std::vector<Point>& best_first,
                   Rng& rng);

// The density of one coordinate, for the laws of the tests.
class Parzen {
 public:
  Parzen(const Coordinate& coordinate, const std::vector<double>& values);

  double Density(double u) const;
  double Draw(Rng& rng) const;

 private:
  int choices_;
  std::vector<double> centers_, widths_;  // the last is the prior's
  std::vector<double> masses_;            // of each Gaussian within [0, 1]
  std::vector<double> shares_;            // of each choice
};

}  // namespace nabla::experiment
