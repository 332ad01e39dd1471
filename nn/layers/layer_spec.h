// The structure of a layer or a network as plain data, without parameters. It is enough to build
// the layer again, also in the other number type (nn/network/derivative_check.h).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace nabla::nn {

struct LayerSpec {
  std::string kind;  // a name of nn/layers/layers.h
  std::ptrdiff_t input_size = 0;
  std::ptrdiff_t output_size = 0;
  std::string activation = "";        // empty for a kind without one
  std::vector<LayerSpec> inner = {};  // the layers inside a composite layer

  // "linear(3 -> 64, silu)", "residual(64 -> 64, [linear(64 -> 64, silu)])"
  std::string Text() const {
    std::string text =
        kind + "(" + std::to_string(input_size) + " -> " + std::to_string(output_size);
    if (!activation.empty()) text += ", " + activation;
    if (!inner.empty()) {
      text += ", [";
      for (std::size_t k = 0; k < inner.size(); ++k) text += (k > 0 ? ", " : "") + inner[k].Text();
      text += "]";
    }
    return text + ")";
  }
};

struct NetworkSpec {
  std::ptrdiff_t input_size = 0;
  std::vector<LayerSpec> layers;
};

}  // namespace nabla::nn
