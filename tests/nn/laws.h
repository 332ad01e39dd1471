// The laws of a network's derivatives (double): one call compares every derivative with central
// differences, and the derivatives with each other.
#pragma once

#include "nn/network/network.h"

namespace nabla::test {

// A Catch2 failure names the function. `smooth`: the network is twice differentiable everywhere, so
// a wide step of the differences is accurate; otherwise a narrow step avoids the kinks.
void CheckFirstDerivatives(const nn::Network& network, nn::Index batch, bool smooth = true);
void CheckSecondDerivatives(const nn::Network& network, nn::Index batch, bool smooth = true);

// Whether every activation of the network is twice differentiable.
bool IsSmooth(const nn::NetworkSpec& spec);

}  // namespace nabla::test
