// Every derivative of a network against central differences, in double.
//
// This header does not depend on the number type: a program built on the float networks (`nabla
// inspect --check`) links nabla_nn_check beside them and asks
//
//     CheckDerivatives(network.Spec(), parameters_as_double, input, seed)
//
// Central differences of the whole Jacobian would cost an evaluation or four a parameter, so the
// parameters are moved in random directions in which all of them take part, block by block, and
// some of each block one by one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nn/layers/layer_spec.h"

namespace nabla::nn {

struct DerivativeCheck {
  std::string layer;                // "0 linear(3 -> 64, silu)", or "network"
  std::string quantity;             // "weight Jacobian, weight", "input gradient", ...
  double worst_relative_error = 0;  // to the largest entry of what is compared
};

// For the network of `spec` with `parameters` (θ, all layers in order), at `input` (n_0 numbers;
// two more samples are drawn around it, so that a batch is checked). Second derivatives of
// activations with a kink hold off it, as do their differences.
// Throws std::invalid_argument for sizes that do not fit and numbers that are not finite.
std::vector<DerivativeCheck> CheckDerivatives(const NetworkSpec& spec,
                                              const std::vector<double>& parameters,
                                              const std::vector<double>& input, std::uint64_t seed);

}  // namespace nabla::nn
