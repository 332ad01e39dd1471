// Gradient ascent on the output of a network in its input, for example on Q(s, a) over a.
//
//   x ← x + η ∇_x y        for a network of one output
//
// With line search each sample has its own η. A step is accepted if it satisfies
// y(x + η g) ≥ y(x) + 1e-4 η ‖g‖² (Armijo 1966), and then η doubles; otherwise x stays and η
// halves. So y never decreases.
#pragma once

#include "nn/network/network.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

struct AscentOptions {
  int steps = 100;
  double rate = 0.1;  // η, with line search its initial value
  bool line_search = true;
  Index first_input = 0;  // first of the inputs that change
  Index inputs = 0;       // how many change; 0: all from first_input on
};

// Changes x [n_0, B] and returns y [1, B] there. Throws std::invalid_argument if the network has
// more than one output or a parameter that is not finite.
Matrix ClimbInput(const Network& network, const AscentOptions& options, Matrix& x);

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
