// The program with an environment from an optional library, which has no derivatives.
#include <nlohmann/json.hpp>

#include "tests/apps/program.h"
#include "tests/support/catch.h"

namespace nabla::test {
namespace {

ProcessResult Engine(const Workplace& folder, const std::string& line) {
  std::vector<std::string> words = Words(line);
  words.insert(words.begin(), NABLA_WITH_ENGINE);
  return Run(NABLA_WITH_ENGINE, words, {.folder = folder.path()});
}

TEST_CASE("list envs shows which environments have derivatives") {
  const Workplace folder;
  const ProcessResult text = Engine(folder, "list envs");
  CHECK(text.exit_code == 0);
  const std::vector<std::string> lines = Lines(text.out);
  const std::size_t column = lines.at(0).find("derivatives");
  REQUIRE(column != std::string::npos);
  std::size_t without = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    INFO(lines[i]);
    const bool is_ball = lines[i].starts_with("BouncingBall ");
    CHECK(lines[i].substr(column, 5) == (is_ball ? "none " : "exact"));
    without += is_ball;
  }
  CHECK(without == 1);

  const nlohmann::json list = nlohmann::json::parse(Engine(folder, "list envs --json").out);
  CHECK(list.size() == lines.size() - 1);
  for (const nlohmann::json& environment : list) {
    CHECK(environment.at("derivatives") == (environment.at("name") != "BouncingBall"));
  }
  CHECK(list.back().at("reward_low").is_null());
  CHECK(list.back().at("time_step_seconds") == 0.02);
  CHECK(Engine(folder, "list envs Pendulum-v1 --json").exit_code == 2);
}

TEST_CASE("an environment without derivatives is checked and trained, but not linearized") {
  const Workplace folder;
  const ProcessResult checked = Engine(folder, "check-env BouncingBall");
  CHECK(checked.exit_code == 0);
  CHECK_THAT(checked.out, ContainsText("every law holds"));
  CHECK_THAT(checked.out, !ContainsText("Derivatives"));
  const ProcessResult trained =
      Engine(folder, "train task.yaml --quiet --run-dir run --set environment.name=BouncingBall");
  INFO(trained.err);
  CHECK(trained.exit_code == 0);
  CHECK(Engine(folder, "evaluate run --episodes 1").exit_code == 0);
  const ProcessResult linearized = Engine(folder, "linearize run --state 1,0");
  CHECK(IsRefusal(linearized, {"BouncingBall: this environment has no derivatives",
                               "nabla linearize needs them"}));
}

}  // namespace
}  // namespace nabla::test
