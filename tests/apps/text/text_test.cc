#include "apps/text/text.h"

#include <limits>

#include "tests/support/catch.h"

namespace nabla::text {
namespace {

TEST_CASE("a duration is rounded up to whole seconds") {
  CHECK(Duration(0) == "0:00");
  CHECK(Duration(6.1) == "0:07");
  CHECK(Duration(59.5) == "1:00");
  CHECK(Duration(3599) == "59:59");
  CHECK(Duration(3722.2) == "1:02:03");
  CHECK(Duration(1e9) == "277777:46:40");
}

TEST_CASE("a duration that is not a finite number is a dash") {
  CHECK(Duration(std::numeric_limits<double>::infinity()) == "-");
  CHECK(Duration(std::numeric_limits<double>::quiet_NaN()) == "-");
  CHECK(Duration(1e300) == "-");
}

TEST_CASE("a count agrees with its noun") {
  CHECK(Count(0, "unit") == "0 units");
  CHECK(Count(1, "unit") == "1 unit");
  CHECK(Count(2, "unit") == "2 units");
  CHECK(Count(1, "entry", "entries") == "1 entry");
  CHECK(Count(3, "entry", "entries") == "3 entries");
}

TEST_CASE("the width of text counts characters, not bytes") {
  CHECK(Width("") == 0);
  CHECK(Width("α² + β") == 6);
}

TEST_CASE("padding fills up to a width and never cuts") {
  CHECK(Padded("µs", 4) == "µs  ");
  CHECK(Padded("µs", 4, Align::kRight) == "  µs");
  CHECK(Padded("long", 2) == "long");
}

}  // namespace
}  // namespace nabla::text
