// Two test cases for skip.cmake, which checks how ctest reports them.
#include "tests/support/catch.h"
#include "tests/support/skip.h"

namespace nabla::test {

TEST_CASE("skips") { return Skip("an example"); }

TEST_CASE("fails and skips") {
  CHECK(1 + 1 == 3);
  return Skip("an example");
}

}  // namespace nabla::test
