// A program without protobuf says what to install, before it has written anything.
#include "tests/apps/program.h"
#include "tests/support/catch.h"

namespace nabla::test {
namespace {

TEST_CASE("Without protobuf, event files are refused with what to install") {
  const Workplace nabla;
  const ProcessResult refused = nabla("train task.yaml --set logging.tensorboard=true");
  CHECK(IsRefusal(refused, {"logging.tensorboard", "libprotobuf-dev"}));
  CHECK(!std::filesystem::exists(nabla / "runs"));
  nabla.Succeed("train task.yaml --quiet");
}

}  // namespace
}  // namespace nabla::test
