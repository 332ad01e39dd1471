// plan.json: what is read back equals what was written, and anything else is refused in one line.
#include <nlohmann/json.hpp>

#include "agent/state/file_io.h"
#include "apps/experiment/plan/plan.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace nabla::experiment {
namespace {

using Json = nlohmann::json;

Plan SmallPlan() {
  Plan plan;
  plan.name = "small";
  plan.tasks = {{"swing", {-10, 0}}};
  plan.configurations = {{"a", {"agent.gamma=0.9"}}};
  plan.seeds = {0, 18446744073709551615u};
  plan.thresholds = {0.5};
  plan.statistics.failed_score = 0.25;
  plan.evaluation_episodes = 3;
  plan.units = {{0, 0, 0, "a/seed_0"}, {0, 0, 18446744073709551615u, "a/seed_x"}};
  return plan;
}

TEST_CASE("A plan survives its file") {
  const Json json = ToJson(SmallPlan());
  CHECK(ToJson(PlanFromJson(json, "plan.json")) == json);
}

TEST_CASE("A plan with a value out of range is refused in one line") {
  const auto refused = [](const char* at, const Json& value) {
    Json json = ToJson(SmallPlan());
    json[Json::json_pointer(at)] = value;
    const std::string message =
        test::MessageOf<agent::InputError>([&] { PlanFromJson(json, "plan.json"); });
    INFO(at << " " << value << "\n" << message);
    CHECK(test::IsLineWith(message, "plan.json is damaged: ", ""));
    CHECK(message.find("json.exception") == std::string::npos);
  };
  for (const Json& value : Json::array({5, 0.2, -1, "high", nullptr})) {
    refused("/statistics/confidence", value);
  }
  for (const Json& value : Json::array({-3, 0, 2'000'000'000, 1e300, 2.5, 1e12})) {
    refused("/statistics/repetitions", value);
    refused("/statistics/band_repetitions", value);
  }
  for (const Json& value : Json::array({1e308, -1e308})) {
    refused("/statistics/failed_score", value);
    refused("/thresholds", Json::array({value}));
    refused("/tasks/0/score", {0, value});
  }
  for (const Json& score : {Json::array({1}), Json::array({1, 0}), Json::array({0, 0}),
                            Json::array({0, 1, 2}), Json::array({0, 1e-320})}) {
    refused("/tasks/0/score", score);
  }
  for (const Json& index : Json::array({-1, 1, 1e18, 0.5, "0", 1e308, -1e308})) {
    refused("/units/0/configuration", index);
    refused("/units/0/task", index);
  }
  for (const char* folder : {"", "/", "/etc", "..", "../x", "a/../../x", "a//b", "a/", ".", "a/./b",
                             "a/\x1b[31m", "a/seed_x"}) {
    refused("/units/0/folder", folder);
  }
  refused("/units/0/folder", std::string(300, 'x'));
  refused("/evaluation/episodes", 0);
  refused("/evaluation/every", -1);
  refused("/units", Json::array());
  refused("/seeds", "0-9");
}

TEST_CASE("A plan without a key is refused, and the message names the key") {
  const Json whole = ToJson(SmallPlan());
  for (const auto& [key, value] : whole.items()) {
    if (key == "format") continue;
    Json json = whole;
    json.erase(key);
    const std::string message =
        test::MessageOf<agent::InputError>([&] { PlanFromJson(json, "plan.json"); });
    CHECK(test::IsLineWith(message, "plan.json is damaged: " + key, "is missing"));
  }
}

}  // namespace
}  // namespace nabla::experiment
