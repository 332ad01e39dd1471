// A network that learns, and its slowly following copy.
#pragma once

#include <string>
#include <string_view>

#include "agent/learning/optimizer_config.h"
#include "agent/replay/batch.h"
#include "agent/state/state_archive.h"
#include "envs/core/random.h"
#include "nn/network/network.h"
#include "nn/network/network_config.h"
#include "nn/optimizers/adam.h"

namespace nabla::agent {

// As nn::MakeNetwork, with initial parameters.
nn::Network NewNetwork(const nn::NetworkConfig& config, Index inputs, Index outputs,
                       const std::string& output_activation, Rng& initialization);

// A network, its gradient, its optimiser and the tape of its passes.
class Learner {
 public:
  Learner(nn::Network network, const OptimizerConfig& optimizer, double learning_rate, Index batch);

  nn::Network network;
  nn::Tape tape;

  // The fraction of training done, for the schedule of the learning rate.
  void SetProgress(double progress);

  // θ ← θ − Adam(Jᵀ c), J the weight Jacobian of the last Forward, c = cotangent [m, B].
  void Descend(const ConstMatrixRef& cotangent);

  void State(const StateArchive& archive);  // the optimiser's

 private:
  OptimizerConfig optimizer_;
  double learning_rate_;
  Vector gradient_;
  nn::Adam adam_;
};

class Target {
 public:
  Target(const nn::Network& source, Index batch);

  nn::Network network;
  nn::Tape tape;

  // θ' ← (1 − τ) θ' + τ θ
  void Follow(const nn::Network& source, double tau);
};

// Each layer's weights and biases as <name>.layers.<k>.weight and .bias.
void NetworkState(const StateArchive& archive, std::string_view name, nn::Network& network);

}  // namespace nabla::agent
