// Compares every derivative of a network with central differences, in double.
//
// This header does not depend on the number type: a program that uses the float networks (`nabla
// inspect --check`) also links nabla_nn_check and calls
//
//     CheckDerivatives(network.Spec(), parameters_as_double, input, seed)
//
// Central differences of the whole Jacobian would cost four evaluations per parameter. Therefore
// each block of parameters is moved in a few random directions, and some of its entries one by one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nn/layers/layer_spec.h"

namespace nabla::nn {

struct DerivativeCheck {
  std::string layer;                // "0 linear(3 -> 64, silu)", or "network"
  std::string quantity;             // "weight Jacobian, weight", "input gradient", ...
  double worst_relative_error = 0;  // relative to the largest entry of the quantity
};

// Checks the network of `spec` with `parameters` (θ, all layers in order) at `input` (n_0 numbers)
// and at two more samples drawn around it, as one batch. For activations with a kink the result is
// valid only away from it.
// Throws std::invalid_argument for sizes that do not fit and for numbers that are not finite.
std::vector<DerivativeCheck> CheckDerivatives(const NetworkSpec& spec,
                                              const std::vector<double>& parameters,
                                              const std::vector<double>& input, std::uint64_t seed);

}  // namespace nabla::nn
