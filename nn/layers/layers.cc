#include "nn/layers/layers.h"

#include <stdexcept>

#include "nn/kernels/activation.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

// Each is defined in the layer's own file.
LayerKind ElementwiseKind();
LayerKind GruKind();
LayerKind LayerNormKind();
LayerKind LinearKind();
LayerKind LstmKind();
LayerKind RecurrentOutputKind();
LayerKind ResidualKind();
LayerKind SoftmaxKind();

const std::vector<LayerKind>& LayerKinds() {
  static const std::vector<LayerKind> table = {
      LinearKind(),   ElementwiseKind(),     LayerNormKind(), SoftmaxKind(),
      ResidualKind(), RecurrentOutputKind(), GruKind(),       LstmKind()};
  return table;
}

std::shared_ptr<const Layer> MakeLayer(const LayerSpec& spec) {
  std::string known;
  for (const LayerKind& kind : LayerKinds()) {
    known += (known.empty() ? "" : ", ") + kind.name;
    if (kind.name != spec.kind) continue;
    if (spec.input_size < 1 || spec.output_size < 1) {
      throw std::invalid_argument(spec.Text() + ": sizes must be at least 1");
    }
    auto layer = kind.make(spec);
    if (layer->input_size() == spec.input_size && layer->output_size() == spec.output_size) {
      return layer;
    }
    throw std::invalid_argument("no layer is " + spec.Text() + "; the nearest is " +
                                layer->Description());
  }
  throw std::invalid_argument("unknown layer '" + spec.kind + "'; known: " + known);
}

LayerList MakeLayers(const std::vector<LayerSpec>& specs) {
  LayerList layers;
  for (const LayerSpec& spec : specs) layers.push_back(MakeLayer(spec));
  return layers;
}

std::vector<LayerSpec> WithEveryActivation(const LayerSpec& spec) {
  std::vector<LayerSpec> specs;
  for (const Activation& activation : Activations()) {
    specs.push_back(spec);
    specs.back().activation = activation.name;
  }
  return specs;
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
