#include "agent/state/file_io.h"
#include "apps/experiment/plan/json.h"
#include "apps/experiment/plan/plan.h"

template <>
struct nlohmann::adl_serializer<std::optional<double>> {
  static void to_json(json& json, const std::optional<double>& value) {
    json = nabla::experiment::NumberOrNull(value);
  }
  static void from_json(const json& json, std::optional<double>& value) {
    value = nabla::experiment::OptionalNumber(json);
  }
};

namespace nabla::experiment {

using Json = nlohmann::json;

// The keys are the names of the members.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StatisticsConfig, confidence, repetitions, band_repetitions,
                                   seed, failed_score)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PlannedTask, name, score)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PlannedConfiguration, name, set)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Unit, configuration, task, seed, folder)

namespace {

constexpr const char* kFormat = "nabla experiment 1";

// The keys of plan.json as JSON pointers, for writing and for reading.
template <class PlanType, class Visit>
void VisitKeys(PlanType& plan, const Visit& visit) {
  visit("/name", plan.name);
  visit("/description", plan.description);
  visit("/source", plan.source);
  visit("/command", plan.command);
  visit("/seeds", plan.seeds);
  visit("/thresholds", plan.thresholds);
  visit("/statistics", plan.statistics);
  visit("/evaluation/every", plan.evaluation_every);
  visit("/evaluation/episodes", plan.evaluation_episodes);
  visit("/tasks", plan.tasks);
  visit("/configurations", plan.configurations);
  visit("/units", plan.units);
}

void CheckUnits(const Plan& plan) {
  if (plan.units.empty()) throw agent::InputError("no units");
  for (const Unit& unit : plan.units) {
    if (unit.configuration < plan.configurations.size() && unit.task < plan.tasks.size()) continue;
    throw agent::InputError("a unit of an unknown configuration or task");
  }
}

}  // namespace

Json ToJson(const Plan& plan) {
  Json json = {{"format", kFormat}};
  VisitKeys(plan,
            [&](const char* key, const auto& value) { json[Json::json_pointer(key)] = value; });
  return json;
}

Plan PlanFromJson(const Json& json, const std::string& name) {
  if (!json.is_object() || json.value("format", "") != kFormat) {
    throw agent::InputError(name + " is not the plan of an experiment");
  }
  try {
    Plan plan;
    VisitKeys(plan, [&](const char* key, auto& value) {
      json.at(Json::json_pointer(key)).get_to(value);
    });
    CheckUnits(plan);
    return plan;
  } catch (const std::exception& error) {
    throw agent::InputError(name + " is damaged: " + error.what());
  }
}

}  // namespace nabla::experiment
