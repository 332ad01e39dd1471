// JSON files, and the exact conversion of the state except tensors to and from JSON.
//
//   true  5  "text"  0.1        themselves (finite numbers in the shortest round-trip form)
//   "0x7ff0000000000000"        an infinity or NaN: the bits of the double
//   [0.1, "0x7ff8000000000000"] a list of doubles
//   [1, 2, 3, 4]                64-bit words, such as the state of an Rng
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "agent/state/state_archive.h"

namespace nabla::agent {

// Parses the content of the file `path`. Throws an InputError that names it if it is not JSON, or
// if it has more than 32 MiB, a million values or 64 levels, which no file of this program has.
nlohmann::json ParseJson(const std::string& text, const std::filesystem::path& path);

// Reads and parses a file. Throws InputError, as ParseJson does, and IoError.
nlohmann::json ReadJson(const std::filesystem::path& path);

// The text of `json`. Bytes that are not UTF-8, as in the name of a file, become U+FFFD.
std::string JsonText(const nlohmann::json& json, int indent = -1);

nlohmann::json ToJson(const ScalarSlot& slot);

// Assigns `value` to the variable of the slot. Throws an InputError that says what was expected.
void FromJson(const nlohmann::json& value, const ScalarSlot& slot);

}  // namespace nabla::agent
