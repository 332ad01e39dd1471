#include "agent/policy/network_values.h"

namespace nabla::agent {

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
