#include "agent/policy/network_views.h"

#include <stdexcept>

namespace nabla::agent {

nn::Network MapOutput(const nn::Network& network, const Matrix& map,
                      const std::string& activation) {
  nn::NetworkSpec spec = network.Spec();
  nn::LayerSpec& last = spec.layers.back();
  if (last.kind != "linear" || last.activation != "identity") {
    throw std::invalid_argument(
        "mapping the output needs a linear last layer without activation, not " + last.Text());
  }
  const Index inputs = last.input_size, outputs = last.output_size,
              before = network.parameter_offset(network.layer_count() - 1);
  last.output_size = map.rows();
  last.activation = activation;
  nn::Network result = nn::MakeNetwork(spec);
  const Real* weight = network.parameters().data() + before;
  const Eigen::Map<const Matrix> w(weight, outputs, inputs);
  const Eigen::Map<const Vector> b(weight + outputs * inputs, outputs);
  result.parameters().head(before) = network.parameters().head(before);
  result.parameters().segment(before, map.rows() * inputs) = (map * w).reshaped();
  result.parameters().tail(map.rows()) = map * b;
  return result;
}

nn::Network BehindNormalizer(const ObservationNormalizer& normalizer, const nn::Network& network) {
  const Index inputs = network.input_size(), observations = normalizer.scale().size();
  nn::NetworkSpec spec = network.Spec();
  spec.layers.insert(
      spec.layers.begin(),
      {.kind = "linear", .input_size = inputs, .output_size = inputs, .activation = "identity"});
  nn::Network result = nn::MakeNetwork(spec);
  Matrix weight = Matrix::Identity(inputs, inputs);
  weight.diagonal().head(observations) = normalizer.scale();
  Vector bias = Vector::Zero(inputs);
  bias.head(observations) = -normalizer.scale().cwiseProduct(normalizer.center());
  result.parameters() << weight.reshaped(), bias, network.parameters();
  return result;
}

}  // namespace nabla::agent
