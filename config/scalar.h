// Conversion between YAML scalars and values.
//
// Numbers are written in the shortest form that reads back to the same bits (std::to_chars). A
// number with an exponent always has a decimal point (1.0e-05), since YAML 1.1 readers such as
// PyYAML take 1e-05 for text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace nabla::config {

// Each parser assigns *value and returns "", or returns the problem ("expected an integer, got
// 1.5"). Doubles are decimal and finite. Integers are decimal; 1e6 and 2.50e1 are allowed, since
// they are integral. Booleans are true and false (YAML 1.2), not yes, no, on, off.
std::string ParseScalar(std::string_view text, bool* value);
std::string ParseScalar(std::string_view text, int* value);
std::string ParseScalar(std::string_view text, std::int64_t* value);
std::string ParseScalar(std::string_view text, std::uint64_t* value);
std::string ParseScalar(std::string_view text, double* value);

// Throw Error for an infinity or NaN, and for text that is not UTF-8: they could not be read back.
std::string ToYaml(bool value);
std::string ToYaml(int value);
std::string ToYaml(std::int64_t value);
std::string ToYaml(std::uint64_t value);
std::string ToYaml(double value);
std::string ToYaml(const std::string& value);  // in double quotes unless it is a plain word

// For messages: `text` on one line, truncated after `longest` bytes. Bytes that are not printable
// UTF-8 become \xNN.
std::string OneLine(std::string_view text, std::size_t longest);
// The same in single quotes.
std::string Quoted(std::string_view text, std::size_t longest = 60);

// The position of the first byte that is not UTF-8, or std::string_view::npos.
std::size_t FirstNonUtf8(std::string_view text);

}  // namespace nabla::config
