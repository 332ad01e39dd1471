// Learner: a network with its optimiser. Target: a copy of a network, updated by Polyak averaging.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "agent/learning/optimizer.h"
#include "agent/policy/networks.h"
#include "envs/core/random.h"
#include "nn/network/network_config.h"

namespace nabla::agent {

// Like nn::MakeNetwork, with initialised parameters.
inline nn::Network NewNetwork(const nn::NetworkConfig& config, Index inputs, Index outputs,
                              const std::string& output_activation, Rng& initialization) {
  nn::Network network = nn::MakeNetwork(config, inputs, outputs, output_activation);
  network.Initialize([&] { return initialization.Uniform(); });
  return network;
}

// The tape and the optimiser of a network. The network belongs to a policy or to the critics and
// must outlive the learner.
class Learner {
 public:
  Learner(nn::Network& network, std::unique_ptr<Optimizer> optimizer, Index batch)
      : network_(&network),
        optimizer_(std::move(optimizer)),
        wants_curvature_(optimizer_->Needs().curvature),
        tape_(network.MakeTape(batch, optimizer_->Needs().tape)) {}

  void SetProgress(double progress) { optimizer_->SetProgress(progress); }

  // y = network(x). Keeps the data that the two functions below need.
  const Matrix& Forward(const ConstMatrixRef& x) { return network_->Forward(x, tape_); }

  // Assigns dx = ∂(cᵀ y)/∂x, from row first_input on, for c = cotangent [m, B].
  void InputGradient(const ConstMatrixRef& cotangent, MatrixRef dx, Index first_input) {
    network_->Vjp(tape_, cotangent, nullptr, &dx, first_input);
  }

  // One step of the optimiser, for cotangent [m, B] = ∂L/∂y and curvature [m, B] = diag ∂²L/∂y².
  // `curvature` may be null.
  void Descend(const ConstMatrixRef& cotangent, const Matrix* curvature = nullptr) {
    optimizer_->Step(cotangent, curvature, tape_, *network_);
  }
  bool wants_curvature() const { return wants_curvature_; }

  void Serialize(const StateArchive& archive) { optimizer_->Serialize(archive); }

 private:
  nn::Network* network_;
  std::unique_ptr<Optimizer> optimizer_;
  bool wants_curvature_;
  nn::Tape tape_;
};

// The target network: a copy that follows the network by Polyak averaging.
class Target {
 public:
  Target(const nn::Network& source, Index batch)
      : network_(source), tape_(network_.MakeTape(batch)) {}

  // y = network(x)
  const Matrix& Evaluate(const ConstMatrixRef& x) { return network_.Evaluate(x, tape_); }

  // θ' ← (1 − τ) θ' + τ θ
  void Follow(const nn::Network& source, double tau) {
    nn::Polyak(source.parameters(), tau, network_.parameters());
  }

  nn::Network& network() { return network_; }

 private:
  nn::Network network_;
  nn::Tape tape_;
};

}  // namespace nabla::agent
