#include "apps/experiment/statistics/comparison.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "agent/run/run_folder.h"
#include "apps/experiment/execution/experiment_folder.h"
#include "apps/experiment/plan/comparability.h"
#include "config/config.h"

namespace nabla::experiment {
namespace {

namespace fs = std::filesystem;
using agent::InputError;
using agent::TaskConfig;

// "agent.gamma 0.9 instead of 0.99, ..."
std::string Text(const std::vector<config::Difference>& differences) {
  constexpr std::size_t kMostNamed = 8;
  const auto value = [](const std::string& text) { return text.empty() ? "nothing" : text; };
  std::string all;
  for (std::size_t k = 0; k < std::min(differences.size(), kMostNamed); ++k) {
    const auto& [path, left, right] = differences[k];
    all +=
        fmt::format("{}{} {} instead of {}", k == 0 ? "" : ", ", path, value(right), value(left));
  }
  if (differences.size() <= kMostNamed) return all;
  return all + fmt::format(" and {} more keys", differences.size() - kMostNamed);
}

class Collector {
 public:
  Collector(std::size_t sources, bool insist) : sources_(sources), insist_(insist) {}

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
    const std::size_t first = all_.plan.configurations.size();
    for (PlannedConfiguration configuration : other.configurations) {
      if (sources_ > 1) configuration.name.insert(0, PrefixOf(other, path));
      all_.plan.configurations.push_back(std::move(configuration));
    }
    std::vector<std::size_t> tasks;
    for (const PlannedTask& task : other.tasks) tasks.push_back(TaskIndex(task, path));
    for (const Unit& unit : other.units) {
      const std::string folder = paths.unit(unit).string();
      AddUnit({first + unit.configuration, tasks[unit.task], unit.seed, folder}, ReadUnit(folder));
    }
  }

  // The name of the experiment, or its path if another one has the same name.
  std::string PrefixOf(const Plan& plan, const std::string& path) {
    return (experiments_.insert(plan.name).second ? plan.name : path) + ": ";
  }

  void AddRun(const std::string& path) {
    UnitResult result = ReadUnit(agent::FindRun(path).root);
    if (result.state == UnitState::kDamaged) throw InputError(path + ": " + result.reason);
    if (result.state == UnitState::kPartial && !result.returns.empty()) {
      all_.notes.push_back(
          fmt::format("{} is not finished and counts up to its last evaluation, at step {}", path,
                      result.steps.back()));
      result.state = UnitState::kFinished;
    }
    TaskConfig config = *result.config;
    const std::size_t task = TaskIndex({config.environment.name, {}}, path);
    const std::uint64_t seed = std::exchange(config.seed, 0);
    const auto [found, is_new] =
        runs_.emplace(config::Write(config), all_.plan.configurations.size());
    if (is_new) all_.plan.configurations.push_back({path, {}});
    AddUnit({found->second, task, seed, path}, std::move(result));
  }

  // Leaves out a run that is not independent of those before it.
  void AddUnit(Unit unit, UnitResult result) {
    if (!result.returns.empty()) {
      Compare(Resolved(*result.config), unit);
      const std::string why = Repeats(unit, result);
      if (!why.empty()) {
        all_.notes.push_back(fmt::format("{} {} and is left out", unit.folder, why));
        return;
      }
    }
    all_.plan.units.push_back(std::move(unit));
    all_.results.push_back(std::move(result));
  }

  // A run with the same configuration and seed as another one is the same run again.
  std::string Repeats(const Unit& unit, const UnitResult& result) {
    const auto [same, is_new] =
        samples_.emplace(std::tuple(unit.configuration, unit.task, unit.seed), unit.folder);
    if (!is_new) return "has the same configuration and seed as " + same->second;
    auto& others = by_config_[config::Write(*result.config)];
    for (const std::size_t i : others) {
      if (all_.results[i].returns == result.returns && all_.results[i].steps == result.steps) {
        return "is a copy of " + all_.plan.units[i].folder;
      }
    }
    others.push_back(all_.results.size());
    return "";
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

  // Compares the first run of each configuration on each task with the first run on the task.
  void Compare(const TaskConfig& config, const Unit& unit) {
    if (!compared_.emplace(unit.configuration, unit.task).second) return;
    if (!first_) first_ = {config, unit.folder, 0};
    const Source here{config, unit.folder, seen_.size()};
    const Source& first = first_of_task_.emplace(unit.task, here).first->second;
    std::vector<config::Difference> refused = TaskDifferences(first.config, config);
    Refuse(refused, first, here);
    if (config.evaluation.episodes != first_->config.evaluation.episodes) {
      Refuse({{"evaluation.episodes", std::to_string(first_->config.evaluation.episodes),
               std::to_string(config.evaluation.episodes)}},
             *first_, here);
    }
    const auto others = OtherDifferences(first.config, config);
    if (others.empty() || first.source == here.source) return;  // the experiment itself says it
    all_.notes.push_back(
        fmt::format("{} differs from {}: {}", here.path, first.path, Text(others)));
  }

  struct Source {
    TaskConfig config;
    std::string path;
    std::size_t source;
  };

  void Refuse(const std::vector<config::Difference>& differences, const Source& first,
              const Source& here) {
    if (differences.empty()) return;
    const auto& [path, left, right] = differences.front();
    const std::string message =
        fmt::format("{} differs: {} has {}, {} has {}; their returns cannot be compared", path,
                    first.path, left, here.path, right);
    if (!insist_) throw InputError(message + "; --insist compares them nevertheless");
    all_.notes.push_back(message);
  }

  std::size_t sources_;
  bool insist_;
  Comparison all_;
  std::vector<std::pair<fs::path, std::string>> seen_;
  std::map<std::string, std::size_t> runs_;  // config without seed → configuration
  std::map<std::tuple<std::size_t, std::size_t, std::uint64_t>, std::string> samples_;
  std::map<std::string, std::vector<std::size_t>> by_config_;  // config → indices of results
  std::set<std::string> experiments_;
  std::set<std::pair<std::size_t, std::size_t>> compared_;  // configuration, task
  std::optional<std::string> first_experiment_;
  std::optional<Source> first_;
  std::map<std::size_t, Source> first_of_task_;
};

nlohmann::json ToJson(const Interval& interval) {
  nlohmann::json json = {{"value", NumberOrNull(interval.value)}};
  if (interval.has_bounds()) {
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
    json[statistic.name] = ToJson(aggregated->values.*statistic.interval);
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
                                  {"steps", ToJson(threshold.steps)},
                                  {"seconds", ToJson(threshold.seconds)}});
  }
  return json;
}

}  // namespace

Comparison Collect(const std::vector<std::string>& paths, bool insist) {
  Collector collector(paths.size(), insist);
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
