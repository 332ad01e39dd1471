// A program without protobuf says what to install, before it writes anything.
#include "tests/apps/program.h"
#include "tests/support/catch.h"

namespace nabla::test {
namespace {

TEST_CASE("Without protobuf, a request for event files says what to install") {
  const Workplace nabla;
  const ProcessResult refused = nabla("train task.yaml --set logging.tensorboard=true");
  CHECK(IsRefusal(refused, {"logging.tensorboard", "libprotobuf-dev"}));
  CHECK(!std::filesystem::exists(nabla / "runs"));
  nabla.Succeed("train task.yaml --quiet");
}

}  // namespace
}  // namespace nabla::test
