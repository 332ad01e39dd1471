// An environment that is registered from outside and has no derivatives, in a program that links it
// (bouncing_ball.h).
#include <algorithm>

#include "envs/core/unknown_name.h"
#include "envs/registry/derivative_laws.h"
#include "envs/registry/environment_config.h"
#include "envs/registry/environment_description.h"
#include "envs/registry/environment_laws.h"
#include "tests/envs/engine/bouncing_ball.h"
#include "tests/support/catch.h"

namespace nabla::envs {
namespace {

bool IsRegistered(const std::string& name) {
  const std::vector<std::string> names = Names();
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool HasLaw(const std::vector<LawResult>& results, const std::string& name) {
  return std::any_of(results.begin(), results.end(),
                     [&](const LawResult& result) { return result.law.starts_with(name + ":"); });
}

}  // namespace

TEST_CASE("an optional target registers its environments at start-up", "[envs]") {
  CHECK(IsRegistered("BouncingBall"));
  CHECK(Make("BouncingBall")->spec().name == "BouncingBall");
  CHECK_THROWS_WITH(MakeFloatBatch("BouncingBall", 2, 1), test::ContainsText("float batch"));
}

TEST_CASE("the registry grows at run time and refuses taken and empty names", "[envs]") {
  CHECK_THROWS_WITH(Register(BouncingBallEntry()), test::ContainsText("already registered"));
  EnvironmentEntry entry = BouncingBallEntry();
  entry.name = "AnotherBall";
  CHECK_FALSE(IsRegistered("AnotherBall"));
  Register(entry);
  CHECK(IsRegistered("AnotherBall"));
  CHECK(Make("AnotherBall")->spec().state_size == 2);
  CHECK_THROWS_WITH(Register(entry), test::ContainsText("already registered"));
  entry.name = "";
  CHECK_THROWS_WITH(Register(entry), test::ContainsText("needs a name"));
  CHECK_THROWS_WITH(Register({"NoBall", "", nullptr}), test::ContainsText("needs a name"));
}

TEST_CASE("a law applies where its capability exists", "[envs][laws]") {
  const std::vector<LawResult> with = CheckEnvironment(*Make("Pendulum-v1"));
  const std::vector<LawResult> without = CheckEnvironment(*Make("BouncingBall"));
  for (const LawResult& result : without) {
    INFO(result.law << ": " << result.detail);
    CHECK(result.holds);
  }
  for (const char* law : {"value", "derivatives", "continuity"}) {
    CHECK(HasLaw(with, law));
    CHECK_FALSE(HasLaw(without, law));
  }
  CHECK(with.size() == without.size() + 3);
}

TEST_CASE("wrappers pass on that there are no derivatives", "[envs]") {
  EnvironmentConfig config;
  config.name = "BouncingBall";
  config.randomize.uniform["gravity"] = {5, 15};
  config.action_repeat = 2;
  config.action_scaling = true;
  config.action_delay = 1;
  config.reward_scale = 0.5;
  config.observation_mask = {1, 0};
  config.observation_noise = {0.1};
  config.frame_history = 2;
  const auto wrapped = Make(config);
  CHECK(wrapped->differentiable() == nullptr);
  CHECK_THROWS_WITH(
      RequireDerivatives(*wrapped, "nabla linearize"),
      "BouncingBall: this environment has no derivatives; nabla linearize needs them");
  CHECK_THROWS_WITH(CheckDerivatives(*wrapped, 1), test::ContainsText("has no derivatives"));
  for (const LawResult& result : CheckEnvironment(*wrapped)) {
    INFO(result.law << ": " << result.detail);
    CHECK(result.holds);
  }
  config.name = "Pendulum-v1";
  config.randomize.uniform = {{"gravity", {5, 15}}};
  config.observation_mask = {1, 0, 1};
  CHECK(Make(config)->differentiable() != nullptr);
}

TEST_CASE("a description says whether there are derivatives", "[envs]") {
  CHECK_THAT(FormatDescription(*Make("BouncingBall")), test::ContainsText("derivatives  none"));
  CHECK_THAT(FormatDescription(*Make("Pendulum-v1")), test::ContainsText("derivatives  exact"));
}

}  // namespace nabla::envs
