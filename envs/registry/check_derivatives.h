// The laws of check.h about derivatives. Each returns what was measured and throws
// std::runtime_error where it fails.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "envs/core/environment.h"

namespace nabla::envs {

// Uniform within the bounds of the spec [action_size].
Vector RandomAction(const Spec& spec, Rng& rng);

std::string CheckDerivativeValues(const Environment& environment, std::uint64_t seed);
std::string CheckDerivatives(const Environment& environment, std::uint64_t seed);

// The same law at states and actions of one's choice.
struct StateAction {
  Vector state;   // [n]
  Vector action;  // [m]
};
std::string CheckDerivativesAt(const Environment& environment,
                               const std::vector<StateAction>& samples);

std::string CheckContinuity(const Environment& environment, std::uint64_t seed);

}  // namespace nabla::envs
