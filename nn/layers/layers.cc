#include "nn/layers/layers.h"

#include <stdexcept>

#include "nn/layers/gru.h"
#include "nn/layers/layer_norm.h"
#include "nn/layers/linear.h"
#include "nn/layers/lstm.h"
#include "nn/layers/readout.h"
#include "nn/layers/residual.h"
#include "nn/layers/softmax.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

LayerSpec LinearSpec(Index in, Index out, std::string activation) {
  return {
      .kind = "linear", .input_size = in, .output_size = out, .activation = std::move(activation)};
}

LayerList MakeLayers(const std::vector<LayerSpec>& specs) {
  LayerList layers;
  for (const LayerSpec& spec : specs) layers.push_back(MakeLayer(spec));
  return layers;
}

// One linear layer an activation, and each activation alone.
std::vector<LayerSpec> ActivationExamples(const std::string& kind, Index in, Index out) {
  std::vector<LayerSpec> specs;
  for (const Activation& activation : Activations()) {
    specs.push_back({kind, in, out, activation.name, {}});
  }
  return specs;
}

}  // namespace

const std::vector<LayerKind>& LayerKinds() {
  static const std::vector<LayerKind> table = {
      {"linear", "f(W x + b)",
       [](const LayerSpec& s) -> std::shared_ptr<const Layer> {
         return std::make_shared<Linear>(s.input_size, s.output_size, FindActivation(s.activation));
       },
       ActivationExamples("linear", 4, 3)},
      {"elementwise", "f(x)",
       [](const LayerSpec& s) -> std::shared_ptr<const Layer> {
         return std::make_shared<Elementwise>(s.input_size, FindActivation(s.activation));
       },
       ActivationExamples("elementwise", 5, 5)},
      {"layer_norm",
       "scale * (x - mean x) / sqrt(var x + 1e-5) + shift",
       [](const LayerSpec& s) -> std::shared_ptr<const Layer> {
         return std::make_shared<LayerNorm>(s.input_size);
       },
       {{"layer_norm", 5, 5, "", {}}}},
      {"softmax",
       "exp(x_i) / sum_j exp(x_j)",
       [](const LayerSpec& s) -> std::shared_ptr<const Layer> {
         return std::make_shared<Softmax>(s.input_size);
       },
       {{"softmax", 4, 4, "", {}}}},
      {"residual",
       "x + g(x)",
       [](const LayerSpec& s) -> std::shared_ptr<const Layer> {
         return std::make_shared<Residual>(MakeLayers(s.inner));
       },
       {{"residual", 4, 4, "", {LinearSpec(4, 6, "tanh"), LinearSpec(6, 4, "silu")}},
        {"residual",
         3,
         3,
         "",
         {LinearSpec(3, 3, "sin"),
          {"residual", 3, 3, "", {{"layer_norm", 3, 3, "", {}}, LinearSpec(3, 3, "tanh")}}}}}},
      {"readout",
       "[g(x_1..x_k); x]",
       [](const LayerSpec& s) -> std::shared_ptr<const Layer> {
         return std::make_shared<Readout>(s.input_size, MakeLayers(s.inner));
       },
       {{"readout", 5, 7, "", {LinearSpec(3, 4, "tanh"), LinearSpec(4, 2, "silu")}},
        {"readout", 3, 4, "", {LinearSpec(3, 1, "identity")}}}},
      {"gru",
       "(1 - z) n + z h",
       [](const LayerSpec& s) -> std::shared_ptr<const Layer> {
         return std::make_shared<Gru>(s.input_size - s.output_size, s.output_size);
       },
       {{"gru", 5, 3, "", {}}}},
      {"lstm",
       "c' = f c + i g, h' = o tanh c'",
       [](const LayerSpec& s) -> std::shared_ptr<const Layer> {
         return std::make_shared<Lstm>(s.input_size - s.output_size, s.output_size / 2);
       },
       {{"lstm", 8, 6, "", {}}}},
  };
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

Network MakeNetwork(const NetworkSpec& spec) {
  return Network(spec.input_size, MakeLayers(spec.layers));
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
