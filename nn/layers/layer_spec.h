// What a layer or a network is, as plain data without its numbers: enough to build it again, in
// this build or in the other number type (nn/network/check.h does).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace nabla::nn {

struct LayerSpec {
  std::string kind;  // a name of nn/layers/layers.h
  std::ptrdiff_t input_size = 0;
  std::ptrdiff_t output_size = 0;
  std::string activation = "";        // where the kind has one
  std::vector<LayerSpec> inner = {};  // the layers that a composite holds

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
