#include "agent/policy/networks.h"

#include <stdexcept>

namespace nabla::agent {

void SerializeNetwork(const StateArchive& archive, std::string_view name, nn::Network& network) {
  const StateArchive group = archive.Group(name, TensorFile::kNetworks);
  for (std::size_t k = 0; k < network.layer_count(); ++k) {
    const StateArchive layer = group.Group("layers." + std::to_string(k));
    for (const nn::ParameterBlock& block : network.layer(k).Parameters()) {
      Real* data = network.parameters().data() + network.parameter_offset(k) + block.offset;
      if (block.cols == 1) {
        layer(block.name, Eigen::Map<Vector>(data, block.rows));
      } else {
        layer.Weight(block.name, Eigen::Map<Matrix>(data, block.rows, block.cols));
      }
    }
  }
}

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

nn::Network MeanOutput(const nn::Network& network) {
  const Index m = network.output_size();
  if (m == 1) return network;
  return MapOutput(network, Matrix::Constant(1, m, Real(1) / static_cast<Real>(m)), "identity");
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

Vector CriticInput(const Vector& observation, const Vector& u) {
  Vector input(observation.size() + u.size());
  input << observation, u;
  return input;
}

ActionValue ValueOf(const nn::Network& critic, const Vector& observation, const Vector& u) {
  nn::Tape tape = critic.MakeTape(1);
  const Vector input = CriticInput(observation, u);
  ActionValue value{.q = static_cast<double>(critic.Forward(input, tape)(0, 0)), .dq_du = u};
  critic.InputGradient(tape, value.dq_du, observation.size());
  return value;
}

std::vector<double> WeightJacobianNorms(const nn::Network& network, nn::Tape& tape) {
  Matrix jacobian(network.output_size(), network.parameter_count());
  network.WeightJacobian(tape, jacobian);
  std::vector<double> norms;
  for (std::size_t k = 0; k < network.layer_count(); ++k) {
    const auto block =
        jacobian.middleCols(network.parameter_offset(k), network.layer(k).parameter_count());
    norms.push_back(static_cast<double>(block.norm()));
  }
  return norms;
}

}  // namespace nabla::agent
