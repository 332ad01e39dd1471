#include "agent/learning/learner.h"

#include <utility>

namespace nabla::agent {

nn::Network NewNetwork(const nn::NetworkConfig& config, Index inputs, Index outputs,
                       const std::string& output_activation, Rng& initialization) {
  nn::Network network = nn::MakeNetwork(config, inputs, outputs, output_activation);
  network.Initialize([&] { return initialization.Uniform(); });
  return network;
}

Learner::Learner(nn::Network net, const OptimizerConfig& optimizer, double learning_rate,
                 Index batch)
    : network(std::move(net)),
      tape(network.MakeTape(batch)),
      optimizer_(optimizer),
      learning_rate_(learning_rate),
      gradient_(network.parameter_count()),
      adam_(network.parameter_count(), optimizer.Adam(learning_rate)) {}

void Learner::SetProgress(double progress) {
  adam_.options().learning_rate = learning_rate_ * optimizer_.RateFactor(progress);
}

void Learner::Descend(const ConstMatrixRef& cotangent) {
  gradient_.setZero();
  network.Vjp(tape, cotangent, &gradient_, nullptr);
  if (optimizer_.max_gradient_norm > 0) {
    const auto longest = static_cast<Real>(optimizer_.max_gradient_norm);
    const Real norm = gradient_.norm();
    if (norm > longest) gradient_ *= longest / norm;
  }
  adam_.Step(gradient_, network.parameters());
}

void Learner::State(const StateArchive& archive) {
  archive("m", adam_.first_moment());
  archive("v", adam_.second_moment());
  archive("step", adam_.step());
}

Target::Target(const nn::Network& source, Index batch)
    : network(source), tape(network.MakeTape(batch)) {}

void Target::Follow(const nn::Network& source, double tau) {
  nn::Polyak(source.parameters(), tau, network.parameters());
}

void NetworkState(const StateArchive& archive, std::string_view name, nn::Network& network) {
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

}  // namespace nabla::agent
