// The JSON form of the state that is no tensor, exact in both directions.
//
//   true  5  "text"  0.1        as they are (finite numbers in shortest round-trip form)
//   "0x7ff0000000000000"        an infinity or NaN, as the bits of the double
//   [0.1, "0x7ff8000000000000"] a list of doubles
//   [1, 2, 3, 4]                64-bit words, such as an Rng's
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "agent/state/state_archive.h"

namespace nabla::agent {

nlohmann::json ToJson(const ScalarSlot& slot);

// Writes `value` to where the slot points; throws InputError with what was expected.
void FromJson(const nlohmann::json& value, const ScalarSlot& slot);

}  // namespace nabla::agent
