// Values and derivatives of networks at one input, for inspection.
#pragma once

#include <vector>

#include "agent/state/types.h"
#include "nn/network/network.h"

namespace nabla::agent {

// [o; u], the input of a critic.
Vector CriticInput(const Vector& observation, const Vector& u);

// Q(o, u) of a critic with one output, and its gradient ∇_u Q [a].
struct ActionValue {
  double q = 0;
  Vector dq_du;
};
ActionValue ValueOf(const nn::Network& critic, const Vector& observation, const Vector& u);

// ‖∂y/∂θ_k‖_F of each layer k, after Forward of one sample on a tape with {.jacobian = true}.
std::vector<double> WeightJacobianNorms(const nn::Network& network, nn::Tape& tape);

}  // namespace nabla::agent
