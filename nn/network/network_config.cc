#include "nn/network/network_config.h"

#include <stdexcept>

#include "nn/layers/layer_norm.h"
#include "nn/layers/linear.h"
#include "nn/layers/residual.h"
#include "nn/layers/softmax.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

// Appends f(LayerNorm(W x + b)), fused where it can be.
void AppendLayer(Index in, Index out, const std::string& activation, bool layer_norm,
                 LayerList& layers) {
  if (in < 1 || out < 1) {
    throw std::invalid_argument("a linear layer " + std::to_string(in) + " -> " +
                                std::to_string(out) + " is empty: sizes must be at least 1");
  }
  const bool softmax = activation == "softmax";
  const Activation& f = FindActivation(softmax ? "identity" : activation);
  if (!layer_norm) {
    layers.push_back(std::make_shared<Linear>(in, out, f));
  } else {
    layers.push_back(std::make_shared<Linear>(in, out, FindActivation("identity")));
    layers.push_back(std::make_shared<LayerNorm>(out));
    if (!f.is_identity) layers.push_back(std::make_shared<Elementwise>(out, f));
  }
  if (softmax) layers.push_back(std::make_shared<Softmax>(out));
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

LayerList MakeLayers(const NetworkConfig& config, Index input_size, Index output_size,
                     const std::string& output_activation) {
  LayerList layers;
  Index size = input_size;
  for (std::size_t k = 0; k < config.hidden.size();) {
    const bool block = config.residual && k > 0;
    const std::size_t end = block ? std::min(k + 2, config.hidden.size()) : k + 1;
    LayerList stage;
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
    if (block) stage = {std::make_shared<Residual>(std::move(stage))};
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
  return Network(input_size, MakeLayers(config, input_size, output_size, output_activation));
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
