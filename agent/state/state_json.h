// Exact conversion of the state except tensors to and from JSON.
//
//   true  5  "text"  0.1        themselves (finite numbers in the shortest round-trip form)
//   "0x7ff0000000000000"        an infinity or NaN: the bits of the double
//   [0.1, "0x7ff8000000000000"] a list of doubles
//   [1, 2, 3, 4]                64-bit words, such as the state of an Rng
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "agent/state/state_archive.h"

namespace nabla::agent {

nlohmann::json ToJson(const ScalarSlot& slot);

// Assigns `value` to the variable of the slot. Throws an InputError that says what was expected.
void FromJson(const nlohmann::json& value, const ScalarSlot& slot);

}  // namespace nabla::agent
