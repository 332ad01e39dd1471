// Networks that show what a part of the agent computes as one function of raw numbers.
#pragma once

#include <string>

#include "agent/policy/observation_normalizer.h"
#include "nn/network/network.h"

namespace nabla::agent {

// x → f(S · network(x)), for S [k, m] and the name of an activation f. The mean of a Gaussian
// policy and the expectation over a critic's quantiles are such maps of outputs that are linear in
// the last layer, so they are networks of the same layers:
//   f(S (W a + b)) = f((S W) a + S b)
// Throws std::invalid_argument unless the last layer is linear without activation.
nn::Network MapOutput(const nn::Network& network, const Matrix& map, const std::string& activation);

// network(x̂, …) as a function of the raw observation x, the first inputs of the network: the
// normaliser becomes a linear layer in front, x̂ = scale ∘ (x − m), so that every derivative in x
// follows by the chain rule. Its clip is left out: beyond it the view goes on where the agent is
// constant.
nn::Network BehindNormalizer(const ObservationNormalizer& normalizer, const nn::Network& network);

}  // namespace nabla::agent
