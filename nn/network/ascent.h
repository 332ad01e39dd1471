// Climbing a network in its input (MATH.md row 9): the maximum of Q(s, a) over a, or the input that
// a network likes best.
//
//   x ← x + η ∇_x y        for a network of one output
//
// With line search each sample has its own η: a step counts only if it climbs by
// y(x + η g) ≥ y(x) + 1e-4 η ‖g‖² (Armijo 1966) and then η doubles, else x stays and η halves. So y
// never falls.
#pragma once

#include "nn/network/network.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

struct AscentOptions {
  int steps = 100;
  double rate = 0.1;  // η, or where the line search begins
  bool line_search = true;
  Index first_input = 0;  // the block of inputs that moves; the others stay
  Index inputs = 0;       // its size; 0: all from first_input on
};

// Moves x [n_0, B] uphill; returns y [1, B] there. A network of more than one output throws
// std::invalid_argument, as do parameters that are not finite.
Matrix ClimbInput(const Network& network, const AscentOptions& options, Matrix& x);

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
