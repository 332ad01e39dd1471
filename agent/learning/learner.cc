#include "agent/learning/learner.h"

#include <utility>

namespace nabla::agent {

nn::Network NewNetwork(const nn::NetworkConfig& config, Index inputs, Index outputs,
                       const std::string& output_activation, Rng& initialization) {
  nn::Network network = nn::MakeNetwork(config, inputs, outputs, output_activation);
  network.Initialize([&] { return initialization.Uniform(); });
  return network;
}

Learner::Learner(nn::Network& network, std::unique_ptr<Optimizer> optimizer, Index batch)
    : network_(&network),
      optimizer_(std::move(optimizer)),
      wants_curvature_(optimizer_->Needs().curvature),
      tape_(network.MakeTape(batch, optimizer_->Needs().tape)) {}

void Learner::InputGradient(const ConstMatrixRef& cotangent, MatrixRef dx, Index first_input) {
  network_->Vjp(tape_, cotangent, nullptr, &dx, first_input);
}

Target::Target(const nn::Network& source, Index batch)
    : network_(source), tape_(network_.MakeTape(batch)) {}

void Target::Follow(const nn::Network& source, double tau) {
  nn::Polyak(source.parameters(), tau, network_.parameters());
}

}  // namespace nabla::agent
