// The search for numbers that are not finite, for the message of a run that has diverged.
#pragma once

#include <functional>
#include <string>

#include "agent/state/state_archive.h"

namespace nabla::agent {

// The name of the first tensor of `state` (a component's Serialize) that holds a number that is not
// finite; "" if there is none. Tensors of integers have none.
std::string FirstNonFinite(const std::function<void(const StateArchive&)>& state);

}  // namespace nabla::agent
