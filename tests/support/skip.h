// Leaves a test case that cannot run here, so that ctest reports it as skipped and not as passed:
//
//   if (!HasDisplay()) return test::Skip("there is no display");
//
// A case with a failed assertion is reported as failed all the same.
#pragma once

#include <string>

namespace nabla::test {

// Marks the present test case as skipped; the caller returns.
void Skip(const std::string& reason);

}  // namespace nabla::test
