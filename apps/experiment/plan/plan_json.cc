#include <nlohmann/json.hpp>

#include "agent/state/file_io.h"
#include "apps/experiment/plan/plan.h"

namespace nabla::experiment {
namespace {

using Json = nlohmann::json;

constexpr const char* kFormat = "nabla experiment 1";

Json StatisticsToJson(const StatisticsConfig& config) {
  return {{"confidence", config.confidence},
          {"repetitions", config.repetitions},
          {"band_repetitions", config.band_repetitions},
          {"seed", config.seed},
          {"failed_score", config.failed_score ? Json(*config.failed_score) : Json()}};
}

StatisticsConfig StatisticsFromJson(const Json& json) {
  StatisticsConfig config;
  json.at("confidence").get_to(config.confidence);
  json.at("repetitions").get_to(config.repetitions);
  json.at("band_repetitions").get_to(config.band_repetitions);
  json.at("seed").get_to(config.seed);
  if (!json.at("failed_score").is_null()) config.failed_score = json.at("failed_score");
  return config;
}

Plan Parse(const Json& json) {
  Plan plan;
  json.at("name").get_to(plan.name);
  json.at("description").get_to(plan.description);
  json.at("source").get_to(plan.source);
  json.at("command").get_to(plan.command);
  json.at("seeds").get_to(plan.seeds);
  json.at("thresholds").get_to(plan.thresholds);
  json.at("evaluation").at("every").get_to(plan.evaluation_every);
  json.at("evaluation").at("episodes").get_to(plan.evaluation_episodes);
  plan.statistics = StatisticsFromJson(json.at("statistics"));
  for (const Json& task : json.at("tasks"))
    plan.tasks.push_back({task.at("name"), task.at("score")});
  for (const Json& configuration : json.at("configurations")) {
    plan.configurations.push_back({configuration.at("name"), configuration.at("set")});
  }
  for (const Json& unit : json.at("units")) {
    plan.units.push_back(
        {unit.at("configuration"), unit.at("task"), unit.at("seed"), unit.at("folder")});
    if (plan.units.back().configuration >= plan.configurations.size() ||
        plan.units.back().task >= plan.tasks.size()) {
      throw agent::InputError("a unit of no configuration or task");
    }
  }
  if (plan.units.empty()) throw agent::InputError("no units");
  return plan;
}

}  // namespace

Json ToJson(const Plan& plan) {
  Json json = {
      {"format", kFormat},
      {"name", plan.name},
      {"description", plan.description},
      {"source", plan.source},
      {"command", plan.command},
      {"seeds", plan.seeds},
      {"thresholds", plan.thresholds},
      {"statistics", StatisticsToJson(plan.statistics)},
      {"evaluation", {{"every", plan.evaluation_every}, {"episodes", plan.evaluation_episodes}}}};
  for (const PlannedTask& task : plan.tasks) {
    json["tasks"].push_back({{"name", task.name}, {"score", task.score}});
  }
  for (const PlannedConfiguration& configuration : plan.configurations) {
    json["configurations"].push_back(
        {{"name", configuration.name}, {"set", configuration.assignments}});
  }
  for (const Unit& unit : plan.units) {
    json["units"].push_back({{"configuration", unit.configuration},
                             {"task", unit.task},
                             {"seed", unit.seed},
                             {"folder", unit.folder}});
  }
  return json;
}

Plan PlanFromJson(const Json& json, const std::string& name) {
  if (!json.is_object() || json.value("format", "") != kFormat) {
    throw agent::InputError(name + " is not the plan of an experiment");
  }
  try {
    return Parse(json);
  } catch (const std::exception& error) {
    throw agent::InputError(name + " is damaged: " + error.what());
  }
}

}  // namespace nabla::experiment
