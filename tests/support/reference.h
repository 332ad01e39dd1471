// Values made with public reference software, beside the checkout.
#pragma once

#include <filesystem>
#include <string>

#include "tests/support/catch.h"

namespace nabla::test {

inline const std::string kReferences = NABLA_SOURCE_DIR "/../shared/reference/";

// True if they are there; otherwise warns that the test is skipped.
inline bool HasReferences() {
  if (std::filesystem::is_directory(kReferences)) return true;
  WARN("skipped: the reference values are not here; they belong into " << kReferences);
  return false;
}

}  // namespace nabla::test
