// The text that `nabla list envs NAME` prints.
#pragma once

#include <string>

#include "envs/core/environment.h"

namespace nabla::envs {

// The description of `environment`, its spec, and its parameters with their present values.
std::string FormatDescription(const Environment& environment);

}  // namespace nabla::envs
