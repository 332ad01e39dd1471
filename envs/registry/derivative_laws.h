// The laws of environment_laws.h about derivatives. Each returns what was measured and throws
// std::runtime_error where it fails, std::invalid_argument if the environment has no derivatives.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "envs/core/environment.h"

namespace nabla::envs {

// An action [action_size], uniform within the bounds of the spec.
Vector RandomAction(const Spec& spec, Rng& rng);

std::string CheckDerivativeValues(const Environment& environment, std::uint64_t seed);
std::string CheckDerivatives(const Environment& environment, std::uint64_t seed);

// CheckDerivatives at given states and actions.
struct StateAction {
  Vector state;   // [n]
  Vector action;  // [m]
};
std::string CheckDerivativesAt(const Environment& environment,
                               const std::vector<StateAction>& samples);

std::string CheckContinuity(const Environment& environment, std::uint64_t seed);

}  // namespace nabla::envs
