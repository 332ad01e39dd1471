#include "nn/network/network_config.h"

#include <stdexcept>

#include "nn/kernels/activation.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

// Appends f(LayerNorm(W x + b)), with f part of the linear layer where possible.
void AppendLayer(Index in, Index out, const std::string& activation, bool layer_norm,
                 std::vector<LayerSpec>& layers) {
  if (in < 1 || out < 1) {
    throw std::invalid_argument("a linear layer " + std::to_string(in) + " -> " +
                                std::to_string(out) + " is empty: sizes must be at least 1");
  }
  const bool softmax = activation == "softmax";
  const Activation& f = FindActivation(softmax ? "identity" : activation);
  layers.push_back({"linear", in, out, layer_norm ? "identity" : f.name, {}});
  if (layer_norm) {
    layers.push_back({.kind = "layer_norm", .input_size = out, .output_size = out});
    if (!f.is_identity) layers.push_back({"elementwise", out, out, f.name, {}});
  }
  if (softmax) layers.push_back({.kind = "softmax", .input_size = out, .output_size = out});
}

}  // namespace

std::vector<std::string> ActivationNames() {
  std::vector<std::string> names;
  for (const Activation& activation : Activations()) names.push_back(activation.name);
  names.emplace_back("softmax");
  return names;
}

std::vector<std::string> OutputActivationNames() {
  std::vector<std::string> names = ActivationNames();
  names.insert(names.begin(), "auto");
  return names;
}

std::vector<LayerSpec> LayersOf(const NetworkConfig& config, Index input_size, Index output_size,
                                const std::string& output_activation) {
  std::vector<LayerSpec> layers;
  Index size = input_size;
  for (std::size_t k = 0; k < config.hidden.size();) {
    const bool block = config.residual && k > 0;
    const std::size_t end = block ? std::min(k + 2, config.hidden.size()) : k + 1;
    std::vector<LayerSpec> stage;
    const Index before = size;
    for (; k < end; ++k) {
      AppendLayer(size, config.hidden[k], config.activation, config.layer_norm, stage);
      size = config.hidden[k];
    }
    if (block && size != before) {
      throw std::invalid_argument("residual: the block that ends with hidden layer " +
                                  std::to_string(k) + " takes " + std::to_string(before) +
                                  " and gives " + std::to_string(size) +
                                  "; hidden layers must have equal widths");
    }
    if (block) {
      stage = {{.kind = "residual",
                .input_size = before,
                .output_size = size,
                .inner = std::move(stage)}};
    }
    layers.insert(layers.end(), stage.begin(), stage.end());
  }
  if (config.residual && config.hidden.size() < 2) {
    throw std::invalid_argument("residual: needs at least two hidden layers");
  }
  const bool automatic = config.output == "auto";
  AppendLayer(size, output_size, automatic ? output_activation : config.output, false, layers);
  return layers;
}

Network MakeNetwork(const NetworkConfig& config, Index input_size, Index output_size,
                    const std::string& output_activation) {
  return MakeNetwork({input_size, LayersOf(config, input_size, output_size, output_activation)});
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
