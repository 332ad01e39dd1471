// The search for values that are not finite, for the error message of a run that has diverged.
#pragma once

#include <functional>
#include <string>

#include "agent/state/state_archive.h"

namespace nabla::agent {

// The name of the first tensor of `state`, the Serialize function of a component, with a value that
// is not finite; "" if there is none. Integer tensors are skipped.
std::string FirstNonFinite(const std::function<void(const StateArchive&)>& state);

}  // namespace nabla::agent
