// Skips a test case that cannot run on this system. ctest then reports it as skipped, not as
// passed:
//
//   if (!HasDisplay()) return test::Skip("there is no display");
//
// A case with a failed assertion is still reported as failed.
#pragma once

#include <string>

namespace nabla::test {

// Marks the current test case as skipped. The caller must return.
void Skip(const std::string& reason);

}  // namespace nabla::test
