// A network as a configuration file describes it.
//
//     {hidden: [64, 64], activation: relu, layer_norm: false, residual: false, output: tanh}
#pragma once

#include <string>
#include <vector>

#include "nn/network/network.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

// The activations of nn/kernels/activation.h, and softmax.
std::vector<std::string> ActivationNames();
// The same, and "auto".
std::vector<std::string> OutputActivationNames();

struct NetworkConfig {
  std::vector<int> hidden = {64, 64};
  std::string activation = "silu";
  bool layer_norm = false;
  bool residual = false;
  std::string output = "auto";

  template <class Archive>
  void Visit(Archive& ar) {
    ar("hidden", hidden, "Units of each hidden layer").Between(1, 65536);
    ar("activation", activation, "Activation of the hidden layers (`nabla list activations`)")
        .OneOf(ActivationNames());
    ar("layer_norm", layer_norm, "Normalise each hidden layer before its activation (Ba 2016)");
    ar("residual", residual,
       "Hidden layers from the second on, in pairs of equal width, add their input (He 2016)");
    ar("output", output, "Activation of the output; auto: the one that the algorithm asks for")
        .OneOf(OutputActivationNames());
  }
};

// Layers input_size → hidden… → output_size, each linear with its activation. layer_norm inserts a
// LayerNorm between the two in hidden layers. residual adds skip connections,
// a(k+1) = f(v(k+1)) + a(k−1), around each pair of hidden layers k, k + 1, starting at the second
// hidden layer; a last layer without partner is a block of its own. The activation of the output is
// config.output, or `output_activation` if that is "auto". Parameters are zero until Initialize.
// Throws std::invalid_argument for an unknown activation, for a size below 1, and for residual with
// unequal widths.
Network MakeNetwork(const NetworkConfig& config, Index input_size, Index output_size,
                    const std::string& output_activation);
// The layers of that network.
std::vector<LayerSpec> LayersOf(const NetworkConfig& config, Index input_size, Index output_size,
                                const std::string& output_activation);

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
