// Pieces of the text that commands, tables and progress lines print.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace nabla::text {

// A time rounded up to whole seconds: "0:07", "1:02:03"; "-" if it is not a finite number.
std::string Duration(double seconds);

// A count with its noun: "1 unit", "2 units". `plural` is for nouns that take more than an "s".
std::string Count(std::int64_t count, std::string_view singular, std::string_view plural = "");

// The number of characters of UTF-8 text.
std::size_t Width(std::string_view text);

enum class Align { kLeft, kRight };

// `text` with blanks up to `width` characters; longer text stays as it is.
std::string Padded(std::string_view text, std::size_t width, Align align = Align::kLeft);

// A word of a shell command: in quotes if the shell would split or expand it, "'./my runs'".
std::string ShellWord(std::string_view word);

}  // namespace nabla::text
