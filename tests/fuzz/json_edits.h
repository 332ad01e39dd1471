// Edits of a valid JSON document, one a line, so that an input of a few bytes reaches the checks
// behind the syntax and the checksum:
//
//   /state/trainer.step = 9223372036854775807     sets a value (JSON), named by its JSON pointer
//   drop /state/trainer.step                      removes it
//   nest /state/trainer.step 100000               sets it to so many nested lists
//   fill /state/replay.head 1000                  sets it to a list of so many zeros
//
// A line that is none of these, or names no value of the document, is left to the driver.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace nabla::fuzz {

// The lines of a text, without empty ones.
std::vector<std::string_view> Lines(std::string_view text);

// Applies the line. False if it is not an edit of `document`. A nested list is a placeholder in the
// document, since functions that walk the document are recursive; ToText resolves it.
bool ApplyEdit(std::string_view line, nlohmann::json& document);
bool HasNestedList(const nlohmann::json& document);
std::string ToText(const nlohmann::json& document);

// The words of a line, and a number of a word (0 if it is none).
std::vector<std::string_view> Words(std::string_view line);
std::uint64_t NumberIn(std::string_view word);

// A random line that edits `document`: a value of it, or a list of another, at the edge of a range.
std::string RandomEdit(const nlohmann::json& document, std::uint32_t random);

}  // namespace nabla::fuzz
