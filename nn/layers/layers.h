// The registry of layers: a kind added here is built from a specification, and the laws of
// tests/nn check every derivative of its examples.
#pragma once

#include "nn/network/network.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

struct LayerKind {
  std::string name;
  std::string formula;
  std::shared_ptr<const Layer> (*make)(const LayerSpec& spec);
  std::vector<LayerSpec> examples;  // small ones, for the laws
};

const std::vector<LayerKind>& LayerKinds();

// The layer or network that a specification describes; parameters of a network are zero.
// Throws std::invalid_argument that lists the known kinds, or says which sizes do not fit.
std::shared_ptr<const Layer> MakeLayer(const LayerSpec& spec);
Network MakeNetwork(const NetworkSpec& spec);

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
