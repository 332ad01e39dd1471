// Networks seen through a linear map of their outputs: x → f(S · network(x)).
//
// The mean of a Gaussian policy and the expectation over a critic's quantiles are such maps of
// outputs that are linear in the last layer, so that they are networks of the same layers:
//
//   f(S (W a + b)) = f((S W) a + S b)
#pragma once

#include <string>

#include "agent/replay/batch.h"
#include "nn/network/network.h"

namespace nabla::agent {

// S [k, m] for a network of m outputs whose last layer is linear without activation (throws
// std::invalid_argument otherwise); f the name of an activation.
nn::Network MapOutput(const nn::Network& network, const Matrix& map, const std::string& activation);

}  // namespace nabla::agent
