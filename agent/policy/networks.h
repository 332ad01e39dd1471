// Networks as parts of an agent: their parameters in a checkpoint, networks that express a part of
// the agent as one function of raw observations, and values and derivatives at one input. The last
// two are for inspection.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/policy/observation_normalizer.h"
#include "nn/network/network.h"

namespace nabla::agent {

// Saves or restores the weights and biases of each layer as <name>.layers.<k>.weight and .bias.
void SerializeNetwork(const StateArchive& archive, std::string_view name, nn::Network& network);

// The network x → f(S · network(x)), for S [k, m] and the name of an activation f. Examples are the
// mean of a Gaussian policy and the expectation over the quantiles of a critic. The last layer must
// be linear, so the result has the same layers:
//   f(S (W a + b)) = f((S W) a + S b)
// Throws std::invalid_argument unless the last layer is linear without activation.
nn::Network MapOutput(const nn::Network& network, const Matrix& map, const std::string& activation);

// The network → mean of the outputs, such as the expectation of a critic that gives quantiles.
nn::Network MeanOutput(const nn::Network& network);

// network(x̂, …) as a function of the raw observation x, which is the first part of the input. The
// normaliser becomes a linear layer in front, x̂ = scale ∘ (x − m), so derivatives are with respect
// to x. The clip is not part of it: where the normaliser clips, the agent is constant in x and the
// returned network is not.
nn::Network BehindNormalizer(const ObservationNormalizer& normalizer, const nn::Network& network);

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
