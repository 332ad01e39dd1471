// What `nabla list envs NAME` prints: equations, sizes, bounds and constants as text.
#pragma once

#include <string>

#include "envs/core/environment.h"

namespace nabla::envs {

// The description of `environment`, then its spec and its parameters with their present values.
std::string Describe(const Environment& environment);

}  // namespace nabla::envs
