// The laws of a network's derivatives (double): one call checks every verb against central
// differences, and the verbs against each other.
#pragma once

#include "nn/network/network.h"

namespace nabla::test {

// Throws a Catch2 failure that names the verb. `smooth`: twice differentiable everywhere, so that a
// wide step of the differences is accurate; else a narrow one keeps off the kinks.
void CheckFirstDerivatives(const nn::Network& network, nn::Index batch, bool smooth = true);
void CheckSecondDerivatives(const nn::Network& network, nn::Index batch, bool smooth = true);

// Whether every activation of the network is twice differentiable.
bool IsSmooth(const nn::NetworkSpec& spec);

}  // namespace nabla::test
