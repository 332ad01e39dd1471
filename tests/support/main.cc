// The entry point of every test program.
#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
#include <catch2/interfaces/catch_interfaces_capture.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

#include <cstdio>
#include <string>

#include "tests/support/skip.h"

namespace nabla::test {
namespace {

std::string& SkippedCases() {
  static std::string lines;
  return lines;
}

}  // namespace

void Skip(const std::string& reason) {
  SkippedCases() +=
      "test case skipped: " + Catch::getResultCapture().getCurrentTestName() + ": " + reason + "\n";
}

}  // namespace nabla::test

// ctest runs one case at a time. It reports a case as skipped if the output matches the expression
// in cmake/NablaTargets.cmake, even if an assertion failed. Therefore, a failed case does not print
// it.
int main(int argc, char** argv) {
  const int failed = Catch::Session().run(argc, argv);
  if (failed == 0) std::fputs(nabla::test::SkippedCases().c_str(), stdout);
  return failed;
}
