// The table of layers. A layer is one .cc file that defines a function `LayerKind <Name>Kind()`,
// and an entry in layers.cc. MakeLayer builds it from a specification, and the laws of tests/nn
// check every derivative of its examples.
#pragma once

#include "nn/layers/layer.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

struct LayerKind {
  std::string name;
  std::string formula;
  std::shared_ptr<const Layer> (*make)(const LayerSpec& spec);
  std::vector<LayerSpec> examples;  // small ones, for the laws
};

const std::vector<LayerKind>& LayerKinds();

// Throws std::invalid_argument for an unknown kind, with a list of the known ones, and for sizes
// that the layer cannot have.
std::shared_ptr<const Layer> MakeLayer(const LayerSpec& spec);
LayerList MakeLayers(const std::vector<LayerSpec>& specs);

// The specification once with each activation.
std::vector<LayerSpec> WithEveryActivation(const LayerSpec& spec);

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
