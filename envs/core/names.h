// "Unknown name" answers that help: the nearest known names first.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nabla::envs {

// "unknown <what> '<name>'; did you mean 'a' or 'b'? Known: a, b, c". The nearest names are those
// of least edit distance (Levenshtein 1966), letter case ignored, if it is at most a third of the
// name.
std::string UnknownName(std::string_view what, std::string_view name,
                        const std::vector<std::string>& known);

}  // namespace nabla::envs
