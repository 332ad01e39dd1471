// The direction of knowledge (docs/architecture.md) as rules on the text of a source file.
//
// The include root is shared by all folders, so the linker would not notice a header that reaches
// where it must not. These rules read the #include lines instead; the table is in rules.cc.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nabla::structure {

// What is wrong with one file, a line each ("nn/optimizers/adam.cc:3: ..."); empty when all is
// well. `path` is relative to the root of the sources, with '/'.
using Violations = std::vector<std::string>;

// Every #include names something that the file's folder may know.
Violations CheckIncludes(std::string_view path, std::string_view text);

// A header says #pragma once.
Violations CheckPragmaOnce(std::string_view path, std::string_view text);

// At most kMaxLines lines.
inline constexpr int kMaxLines = 400;
Violations CheckLength(std::string_view path, std::string_view text);

// All of the above.
Violations Check(std::string_view path, std::string_view text);

}  // namespace nabla::structure
