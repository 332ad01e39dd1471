// Catch2 2.13 (Debian 12) and 3.x (newer systems) under one name.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>  // IWYU pragma: export
using Catch::Approx;
#else
#include <catch2/catch.hpp>  // IWYU pragma: export
#endif

#include <string>

namespace nabla::test {

// Matches a text that contains `part` (the name of the matcher differs between Catch2 2 and 3).
inline auto ContainsText(const std::string& part) {
#if __has_include(<catch2/catch_all.hpp>)
  return Catch::Matchers::ContainsSubstring(part);
#else
  return Catch::Matchers::Contains(part);
#endif
}

}  // namespace nabla::test
