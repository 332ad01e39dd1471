// A network's parameters in a checkpoint.
#pragma once

#include <string_view>

#include "agent/state/state_archive.h"
#include "nn/network/network.h"

namespace nabla::agent {

// Saves or restores the weights and biases of each layer as <name>.layers.<k>.weight and .bias.
void SerializeNetwork(const StateArchive& archive, std::string_view name, nn::Network& network);

}  // namespace nabla::agent
