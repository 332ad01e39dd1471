// The table of environments and the text about each of them.
#include "envs/registry/environment_description.h"

#include <fstream>
#include <iterator>

#include "envs/core/unknown_name.h"
#include "envs/registry/registry.h"
#include "tests/support/catch.h"

namespace nabla::envs {

TEST_CASE("every environment is described with its equations and constants", "[envs]") {
  for (const EnvironmentEntry& entry : Registry()) {
    const auto environment = entry.make();
    const std::string text = FormatDescription(*environment);
    INFO(text);
    CHECK(entry.name == environment->spec().name);
    CHECK_FALSE(entry.summary.empty());
    CHECK(text.starts_with(entry.name + "\n"));
    for (const char* part :
         {"state ", "action ", "observation ", "  r  = ", "start ", "end ", "kinks ", "bounds ",
          "time ", "reward ", "derivatives ", "parameters"}) {
      CHECK_THAT(text, test::ContainsText(part));
    }
    for (const Parameter& parameter : environment->Parameters()) {
      CHECK_THAT(text, test::ContainsText("\n  " + parameter.name + " "));
    }
  }
}

TEST_CASE("every environment is in the documentation", "[envs]") {
  std::ifstream file(NABLA_SOURCE_DIR "/docs/environments.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (const std::string& name : Names()) CHECK_THAT(text, test::ContainsText("| " + name + " |"));
}

TEST_CASE("a description shows the values in force", "[envs]") {
  const auto environment = Make("Pendulum-v1");
  environment->SetParameters({{"gravity", {3.725}}, {"max_torque", {5}}});
  const std::string text = FormatDescription(*environment);
  CHECK_THAT(text, test::ContainsText("gravity     3.725  m/s²   in [0, 100]"));
  CHECK_THAT(text, test::ContainsText("a in [-5, 5]"));
}

TEST_CASE("a name can be registered once", "[envs]") {
  CHECK_THROWS_WITH(Register(Registry().front()), test::ContainsText("already registered"));
}

TEST_CASE("an unknown name is answered with the known ones", "[envs]") {
  try {
    Make("Pendulm-v1");
    FAIL("the name is accepted");
  } catch (const UnknownNameError& error) {
    CHECK(error.kind == "environment");
    CHECK(error.name == "Pendulm-v1");
    CHECK(error.known == Names());
    CHECK_THAT(error.what(), test::ContainsText("unknown environment 'Pendulm-v1'; known: " +
                                                Names()[0] + ", " + Names()[1] + ", "));
  }
  CHECK(std::string(UnknownNameError("parameter", "x", {}, "Here").what()) ==
        "Here: unknown parameter 'x'; known: none");
  try {
    Make("Pendulum-v1")->SetParameters({{"mas", {1}}});
    FAIL("the name is accepted");
  } catch (const UnknownNameError& error) {
    CHECK(error.kind == "parameter");
    CHECK(error.name == "mas");
    CHECK(error.known == std::vector<std::string>{"gravity", "mass", "length", "max_torque",
                                                  "max_speed", "time_step"});
  }
}

}  // namespace nabla::envs
