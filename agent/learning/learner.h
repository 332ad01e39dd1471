// A network that learns, and its slowly following copy.
#pragma once

#include <memory>
#include <string>

#include "agent/learning/optimizer.h"
#include "agent/policy/network_state.h"
#include "envs/core/random.h"
#include "nn/network/network_config.h"

namespace nabla::agent {

// As nn::MakeNetwork, with initial parameters.
nn::Network NewNetwork(const nn::NetworkConfig& config, Index inputs, Index outputs,
                       const std::string& output_activation, Rng& initialization);

// A network's tape and optimiser. The network itself belongs to someone else (a policy, the
// critics) and must outlive the learner.
class Learner {
 public:
  Learner(nn::Network& network, std::unique_ptr<Optimizer> optimizer, Index batch);

  void SetProgress(double progress) { optimizer_->SetProgress(progress); }

  // y = network(x), and what the two functions below need of it.
  const Matrix& Forward(const ConstMatrixRef& x) { return network_->Forward(x, tape_); }

  // dx = rows first_input … of ∂(cᵀ y)/∂x for c = cotangent [m, B].
  void InputGradient(const ConstMatrixRef& cotangent, MatrixRef dx, Index first_input);

  // One step of the optimiser for ∂L/∂y = cotangent [m, B] and, where there is one, the diagonal of
  // ∂²L/∂y² [m, B].
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

// A copy of a network that follows it slowly.
class Target {
 public:
  Target(const nn::Network& source, Index batch);

  // y = network(x)
  const Matrix& Evaluate(const ConstMatrixRef& x) { return network_.Evaluate(x, tape_); }

  // θ' ← (1 − τ) θ' + τ θ
  void Follow(const nn::Network& source, double tau);

  nn::Network& network() { return network_; }

 private:
  nn::Network network_;
  nn::Tape tape_;
};

}  // namespace nabla::agent
