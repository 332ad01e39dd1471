#include "apps/experiment/statistics/comparison.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "agent/run/run_folder.h"
#include "apps/experiment/execution/experiment_folder.h"
#include "apps/experiment/plan/comparability.h"
#include "apps/experiment/plan/json.h"
#include "config/config.h"

namespace nabla::experiment {
namespace {

namespace fs = std::filesystem;
using agent::InputError;
using agent::TaskConfig;

class Collector {
 public:
  explicit Collector(std::size_t sources) : sources_(sources) {}

  void Add(const std::string& path) {
    std::error_code ignored;
    const fs::path folder = fs::weakly_canonical(path, ignored);
    for (const auto& [other, name] : seen_) {
      if (other == folder) throw InputError(path + " is the same as " + name);
    }
    seen_.emplace_back(folder, path);
    if (IsExperiment(path)) {
      AddExperiment(path);
    } else {
      AddRun(path);
    }
  }

  Comparison Finish() {
    Plan& plan = all_.plan;
    plan.name = "comparison";
    for (const Unit& unit : plan.units) {
      if (std::find(plan.seeds.begin(), plan.seeds.end(), unit.seed) == plan.seeds.end()) {
        plan.seeds.push_back(unit.seed);
      }
    }
    return std::move(all_);
  }

 private:
  void AddExperiment(const std::string& path) {
    const ExperimentPaths paths{path};
    const Plan other = ReadPlan(paths);
    UseStatisticsOf(other, path);
    const std::string prefix = sources_ > 1 ? other.name + ": " : "";
    const std::size_t first = all_.plan.configurations.size();
    for (PlannedConfiguration configuration : other.configurations) {
      configuration.name = prefix + configuration.name;
      all_.plan.configurations.push_back(std::move(configuration));
    }
    std::vector<std::size_t> tasks;
    for (const PlannedTask& task : other.tasks) tasks.push_back(TaskIndex(task, path));
    std::vector<bool> checked(other.configurations.size() * other.tasks.size());
    for (const Unit& unit : other.units) {
      TaskConfig config;
      UnitResult result = ReadUnit(paths.unit(unit), &config);
      const std::size_t kind = unit.configuration * other.tasks.size() + unit.task;
      if (result.state != UnitState::kMissing && result.state != UnitState::kDamaged &&
          !checked[kind]) {
        CheckComparable(config, tasks[unit.task], paths.unit(unit).string());
        checked[kind] = true;
      }
      all_.plan.units.push_back(
          {first + unit.configuration, tasks[unit.task], unit.seed, paths.unit(unit).string()});
      all_.results.push_back(std::move(result));
    }
  }

  void AddRun(const std::string& path) {
    const agent::RunPaths run = agent::FindRun(path);
    TaskConfig config;
    UnitResult result = ReadUnit(run.root, &config);
    if (result.state == UnitState::kDamaged) throw InputError(path + ": " + result.reason);
    if (result.state == UnitState::kPartial && !result.returns.empty()) {
      all_.notes.push_back(
          fmt::format("{} is not finished and counts up to its last evaluation, at step {}", path,
                      result.steps.back()));
      result.state = UnitState::kFinished;
    }
    const std::size_t task = TaskIndex({config.environment.name, {}}, path);
    CheckComparable(config, task, path);
    const std::uint64_t seed = config.seed;
    config.seed = 0;
    const auto [found, is_new] =
        runs_.emplace(config::Write(config), all_.plan.configurations.size());
    if (is_new) all_.plan.configurations.push_back({path, {}});
    all_.plan.units.push_back({found->second, task, seed, path});
    all_.results.push_back(std::move(result));
  }

  // All use the thresholds and statistics of the first experiment.
  void UseStatisticsOf(const Plan& other, const std::string& path) {
    if (!first_experiment_) {
      first_experiment_ = path;
      all_.plan.thresholds = other.thresholds;
      all_.plan.statistics = other.statistics;
    } else if (other.thresholds != all_.plan.thresholds) {
      all_.notes.push_back(fmt::format("the thresholds are those of {}; {} has different ones",
                                       *first_experiment_, path));
    }
  }

  std::size_t TaskIndex(const PlannedTask& task, const std::string& path) {
    auto& tasks = all_.plan.tasks;
    for (std::size_t t = 0; t < tasks.size(); ++t) {
      if (tasks[t].name != task.name) continue;
      // A single run has no score range.
      if (tasks[t].score.empty()) tasks[t].score = task.score;
      if (!task.score.empty() && tasks[t].score != task.score) {
        throw InputError(fmt::format(
            "{}: its scores on {} have the range [{}, {}], the others [{}, {}]; they cannot be "
            "compared",
            path, task.name, task.score[0], task.score[1], tasks[t].score[0], tasks[t].score[1]));
      }
      return t;
    }
    tasks.push_back(task);
    return tasks.size() - 1;
  }

  void CheckComparable(const TaskConfig& config, std::size_t task, const std::string& path) {
    const auto check = [&](const ComparabilityKey& key, const TaskConfig& other,
                           const std::string& name) {
      if (key.value(config) == key.value(other)) return;
      throw InputError(
          fmt::format("{} differs: {} has {}, {} has {}; their returns cannot be "
                      "compared",
                      key.key, name, key.value(other), path, key.value(config)));
    };
    if (!first_) first_ = {config, path};
    for (const ComparabilityKey& key : EqualWithinExperiment()) {
      check(key, first_->config, first_->path);
    }
    const Source& same_task = first_of_task_.emplace(task, Source{config, path}).first->second;
    for (const ComparabilityKey& key : EqualWithinTask()) {
      check(key, same_task.config, same_task.path);
    }
  }

  struct Source {
    TaskConfig config;
    std::string path;
  };

  std::size_t sources_;
  Comparison all_;
  std::vector<std::pair<fs::path, std::string>> seen_;
  std::map<std::string, std::size_t> runs_;  // config without seed → configuration
  std::optional<std::string> first_experiment_;
  std::optional<Source> first_;
  std::map<std::size_t, Source> first_of_task_;
};

nlohmann::json ToJson(const Interval& interval, bool has_interval = true) {
  nlohmann::json json = {{"value", NumberOrNull(interval.value)}};
  if (has_interval) {
    json["low"] = NumberOrNull(interval.low);
    json["high"] = NumberOrNull(interval.high);
  }
  return json;
}

nlohmann::json ToJson(const std::optional<Aggregated>& aggregated, bool has_optimum) {
  if (!aggregated) return nullptr;
  nlohmann::json json = {{"runs", aggregated->runs}};
  for (const Statistic& statistic : kStatistics) {
    if (statistic.needs_optimum && !has_optimum) continue;
    json[statistic.name] = ToJson(aggregated->values.*statistic.interval, aggregated->has_interval);
  }
  return json;
}

nlohmann::json ConfigurationToJson(const Analysis& all, std::size_t c) {
  const ConfigurationResult& result = all.configurations[c];
  nlohmann::json json = {{"name", all.NameOf(c)},
                         {"finished", result.counts.finished},
                         {"failed", result.counts.failed},
                         {"left", result.counts.left}};
  for (std::size_t m = 0; m < kMeasures.size(); ++m) {
    nlohmann::json& measure = json[kMeasures[m].name];
    measure[all.quantity()] = ToJson(result.measures[m].scores, all.plan.scored());
    for (std::size_t t = 0; t < all.plan.tasks.size(); ++t) {
      measure["tasks"][all.plan.tasks[t].name] = ToJson(result.measures[m].returns[t], false);
    }
  }
  json["thresholds"] = nlohmann::json::array();
  for (std::size_t k = 0; k < result.thresholds.size(); ++k) {
    const ThresholdResult& threshold = result.thresholds[k];
    if (threshold.runs == 0) continue;
    json["thresholds"].push_back({{"threshold", all.plan.thresholds[k]},
                                  {"reached", threshold.reached},
                                  {"runs", threshold.runs},
                                  {"share", ToJson(threshold.share)},
                                  {"steps", ToJson(threshold.steps, threshold.runs > 1)},
                                  {"seconds", ToJson(threshold.seconds, threshold.runs > 1)}});
  }
  return json;
}

}  // namespace

Comparison Collect(const std::vector<std::string>& paths) {
  Collector collector(paths.size());
  for (const std::string& path : paths) collector.Add(path);
  return collector.Finish();
}

nlohmann::json ToJson(const Analysis& all) {
  nlohmann::json json = {{"quantity", all.quantity()},
                         {"confidence", all.plan.statistics.confidence},
                         {"repetitions", all.plan.statistics.repetitions},
                         {"configurations", nlohmann::json::array()},
                         {"improvement", nlohmann::json::array()}};
  for (const PlannedTask& task : all.plan.tasks) json["tasks"].push_back(task.name);
  for (const std::size_t c : all.ranking) {
    json["configurations"].push_back(ConfigurationToJson(all, c));
  }
  for (const Improvement& pair : all.improvements) {
    nlohmann::json entry = ToJson(pair.probability);
    entry["x"] = all.NameOf(pair.x);
    entry["y"] = all.NameOf(pair.y);
    json["improvement"].push_back(std::move(entry));
  }
  return json;
}

}  // namespace nabla::experiment
