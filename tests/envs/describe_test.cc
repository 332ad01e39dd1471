// What people read about an environment.
#include "envs/registry/describe.h"

#include <fstream>
#include <iterator>

#include "envs/registry/registry.h"
#include "tests/support/catch.h"

namespace nabla::envs {

TEST_CASE("every environment is described with its equations and constants", "[envs]") {
  for (const Entry& entry : Registry()) {
    const auto environment = entry.make();
    const std::string text = Describe(*environment);
    INFO(text);
    CHECK(entry.name == environment->spec().name);
    CHECK_FALSE(entry.summary.empty());
    CHECK(text.starts_with(entry.name + "\n"));
    for (const char* part : {"state ", "action ", "observation ", "  r  = ", "start ", "end ",
                             "kinks ", "bounds ", "time ", "reward ", "parameters"}) {
      CHECK_THAT(text, test::ContainsText(part));
    }
    for (const Parameter& parameter : environment->Parameters()) {
      CHECK_THAT(text, test::ContainsText("\n  " + parameter.name + " "));
    }
  }
}

TEST_CASE("every environment stands in the documentation", "[envs]") {
  std::ifstream file(NABLA_SOURCE_DIR "/docs/environments.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (const std::string& name : Names()) CHECK_THAT(text, test::ContainsText("| " + name + " |"));
}

TEST_CASE("a description shows the values in force", "[envs]") {
  const auto environment = Make("Pendulum-v1");
  environment->SetParameters({{"gravity", {3.725}}, {"max_torque", {5}}});
  const std::string text = Describe(*environment);
  CHECK_THAT(text, test::ContainsText("gravity     3.725  m/s²   in [0, 100]"));
  CHECK_THAT(text, test::ContainsText("a in [-5, 5]"));
}

TEST_CASE("a name can be registered once", "[envs]") {
  CHECK_THROWS_WITH(Register(Registry().front()), test::ContainsText("already registered"));
}

}  // namespace nabla::envs
