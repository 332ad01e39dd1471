// TPE: tree-structured Parzen estimator (Bergstra, Bardenet, Bengio & Kégl 2011, "Algorithms for
// Hyper-Parameter Optimization").
//
// The best share γ of the points gives a density l(u), the others g(u). For each coordinate, the
// next point is the candidate with the largest l(u) / g(u) among some drawn from l. On [0, 1] a
// density is a mean of truncated Gaussians: one at each point, as wide as the larger gap to its
// neighbours, and a wide one as prior. Over choices it is a count that starts at one for each
// choice.
#pragma once

#include <cstddef>
#include <vector>

#include "envs/core/random.h"

namespace nabla::experiment {

// A coordinate lies in [0, 1]. `choices` > 0 divides it into as many equal parts without an order.
struct Coordinate {
  int choices = 0;
};

using Point = std::vector<double>;                // one value per coordinate
inline constexpr double kBelowOne = 1 - 0x1p-53;  // the largest double below 1

// `best_first` has at least two points, in descending order of their scores.
Point SuggestByTpe(const std::vector<Coordinate>& coordinates, const std::vector<Point>& best_first,
                   Rng& rng);

// The density of one coordinate.
class Parzen {
 public:
  Parzen(const Coordinate& coordinate, const std::vector<double>& values);

  double Density(double u) const;
  double Draw(Rng& rng) const;

 private:
  int choices_;
  std::vector<double> centers_, widths_;  // the last is the prior's
  std::vector<double> masses_;            // of each Gaussian in [0, 1]
  std::vector<double> shares_;            // of each choice
};

}  // namespace nabla::experiment
