// Recovers the gradient of an update from the first step of its optimiser.
#pragma once

#include "agent/learning/learner.h"

namespace nabla::agent {

// Adam's first step is θ ← θ − α g / (|g| + ε) for any β. With α = ε = 1 it can be inverted.
inline const OptimizerConfig kFirstStep{.epsilon = 1};

inline Vector FirstStepGradient(const Vector& before, const Vector& after) {
  const Vector step = before - after;
  return step.array() / (1 - step.array().abs());
}

// A learner for `network` with Adam.
inline Learner NewLearner(nn::Network& network, const OptimizerConfig& config, double learning_rate,
                          Index batch) {
  return Learner(network, MakeAdam(config, learning_rate, network.parameter_count()), batch);
}

}  // namespace nabla::agent
