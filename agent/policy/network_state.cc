#include "agent/policy/network_state.h"

#include "agent/state/types.h"

namespace nabla::agent {

void SerializeNetwork(const StateArchive& archive, std::string_view name, nn::Network& network) {
  const StateArchive group = archive.Group(name, TensorFile::kNetworks);
  for (std::size_t k = 0; k < network.layer_count(); ++k) {
    const StateArchive layer = group.Group("layers." + std::to_string(k));
    for (const nn::ParameterBlock& block : network.layer(k).Parameters()) {
      Real* data = network.parameters().data() + network.parameter_offset(k) + block.offset;
      if (block.cols == 1) {
        layer(block.name, Eigen::Map<Vector>(data, block.rows));
      } else {
        layer.Weight(block.name, Eigen::Map<Matrix>(data, block.rows, block.cols));
      }
    }
  }
}

}  // namespace nabla::agent
