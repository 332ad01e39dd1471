#include <spdlog/fmt/fmt.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "agent/state/file_io.h"
#include "apps/experiment/plan/plan.h"
#include "config/scalar.h"

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

// The keys are the names of the members.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StatisticsConfig, confidence, repetitions, band_repetitions,
                                   seed, failed_score)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PlannedTask, name, score)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PlannedConfiguration, name, set)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Unit, configuration, task, seed, folder)

namespace {

using Json = nlohmann::json;

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

[[noreturn]] void Refuse(const std::string& what) { throw agent::InputError(what); }

template <class Value>
void RequireInRange(const char* key, Value value, Value low, Value high) {
  if (value >= low && value <= high) return;  // false for NaN
  Refuse(fmt::format("{} is {}, expected {} to {}", key, value, low, high));
}

void CheckStatistics(const StatisticsConfig& statistics) {
  RequireInRange("statistics.confidence", statistics.confidence, 0.5, 0.9999);
  RequireInRange("statistics.repetitions", statistics.repetitions, 100, 10'000'000);
  RequireInRange("statistics.band_repetitions", statistics.band_repetitions, 100, 1'000'000);
  if (statistics.failed_score) {
    RequireInRange("statistics.failed_score", *statistics.failed_score, -kLargestScore,
                   kLargestScore);
  }
}

// True if a key of an integer, or a list of such a key, has a real number. It must be asked first:
// the conversion of one that is too large is undefined.
bool HasRealInteger(const std::string& key, const Json& value) {
  static const std::set<std::string> kIntegers = {
      "configuration",    "task",  "seed",    "seeds", "repetitions",
      "band_repetitions", "every", "episodes"};
  if (!value.is_structured()) return value.is_number_float() && kIntegers.contains(key);
  for (auto item = value.begin(); item != value.end(); ++item) {
    if (HasRealInteger(value.is_object() ? item.key() : key, *item)) return true;
  }
  return false;
}

// A plan comes from a file that anybody may have changed.
void Check(const Plan& plan) {
  if (plan.units.empty()) Refuse("it has no units");
  if (plan.units.size() > kMostUnits) Refuse(fmt::format("it has more than {} units", kMostUnits));
  CheckStatistics(plan.statistics);
  RequireInRange("evaluation.episodes", plan.evaluation_episodes, 1,
                 std::numeric_limits<int>::max());
  RequireInRange("evaluation.every", plan.evaluation_every, std::int64_t{0},
                 std::numeric_limits<std::int64_t>::max());
  for (const double threshold : plan.thresholds) {
    RequireInRange("a threshold", threshold, -kLargestScore, kLargestScore);
  }
  for (const PlannedTask& task : plan.tasks) {
    if (!IsScoreRange(task.score)) Refuse("the score of task " + task.name + " is not a range");
  }
  std::set<std::string> folders;
  for (const Unit& unit : plan.units) {
    if (unit.configuration >= plan.configurations.size() || unit.task >= plan.tasks.size()) {
      Refuse("a unit of an unknown configuration or task");
    }
    std::size_t begin = 0;
    for (std::size_t end = 0; end != std::string::npos; begin = end + 1) {
      end = unit.folder.find('/', begin);
      if (!IsFolderName(unit.folder.substr(begin, end - begin))) {
        Refuse("the folder " + config::Quoted(unit.folder) + " of a unit is not inside this one");
      }
    }
    if (!folders.insert(unit.folder).second) Refuse("two units in " + config::Quoted(unit.folder));
  }
}

}  // namespace

Json NumberOrNull(std::optional<double> value) {
  return value && std::isfinite(*value) ? Json(*value) : Json();
}

std::optional<double> OptionalNumber(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional<double>(json.get<double>());
}

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
      const Json::json_pointer at(key);
      const std::string out_of_range = fmt::format("{} has a value out of range", key + 1);
      try {
        if (HasRealInteger(at.back(), json.at(at))) Refuse(out_of_range);
        json.at(at).get_to(value);
      } catch (const Json::exception&) {
        Refuse(fmt::format("{} is missing or has a value of another type", key + 1));
      }
      // A number that does not fit into its type, or a key that is not ours.
      if (Json(value) != json.at(at)) Refuse(out_of_range);
    });
    Check(plan);
    return plan;
  } catch (const std::exception& error) {
    throw agent::InputError(name + " is damaged: " + error.what());
  }
}

}  // namespace nabla::experiment
