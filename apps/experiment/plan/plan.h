// Plan: the units of an experiment, each a configuration on a task with a seed, and how their
// results are judged.
//
// The experiment's folder contains the plan, so that a report needs nothing but this folder:
//
//   experiments/<name>/
//     plan.json  experiment.yaml  report.html  plots/
//     summary.csv  aggregate.csv  improvement.csv  curves.csv
//     <configuration>/seed_<n>/            one run folder per unit; if the file lists tasks,
//                                          <configuration>/<task>/seed_<n>/
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/training/task.h"
#include "apps/experiment/plan/experiment_file.h"

namespace nabla::experiment {

struct PlannedTask {
  std::string name;
  std::vector<double> score;  // [low, high] or empty

  // (R − low) / (high − low), or R.
  double Score(double total_reward) const {
    return score.empty() ? total_reward : (total_reward - score[0]) / (score[1] - score[0]);
  }
  // The inverse of Score.
  double Return(double value) const {
    return score.empty() ? value : score[0] + value * (score[1] - score[0]);
  }
};

struct PlannedConfiguration {
  std::string name;
  std::vector<std::string> set;  // "agent.gamma=0.98"
};

struct Unit {
  std::size_t configuration = 0;
  std::size_t task = 0;
  std::uint64_t seed = 0;
  std::string folder;  // relative to the experiment's folder; also the name of the unit
};

struct Plan {
  std::string name;
  std::string description;
  std::string source;   // path of the experiment file as the user gave it
  std::string command;  // repeats or resumes the experiment
  std::vector<PlannedTask> tasks;
  std::vector<PlannedConfiguration> configurations;
  std::vector<std::uint64_t> seeds;
  std::vector<double> thresholds;
  StatisticsConfig statistics;
  std::int64_t evaluation_every = 0;
  int evaluation_episodes = 0;
  std::vector<Unit> units;  // ordered by seed, so that an interrupted experiment is balanced

  // True if returns are mapped to scores.
  bool scored() const {
    return std::all_of(tasks.begin(), tasks.end(), [](auto& task) { return !task.score.empty(); });
  }
  // True if there is an average over all tasks.
  bool averages() const { return tasks.size() == 1 || scored(); }
  // True if the average over all tasks is the return of the only task.
  bool returns_are_scores() const { return tasks.size() == 1 && !scored(); }
};

// A plan with the configs that its units train: configs[c][t] is the one of configuration c on task
// t, without the unit's seed.
struct Expansion {
  Plan plan;
  std::vector<std::vector<agent::TaskConfig>> configs;

  agent::TaskConfig ConfigOf(const Unit& unit) const;
};

// Throws config::Error with the place for an invalid key or value, and for units that cannot be
// compared: different environments or evaluation protocols, or several tasks without score ranges.
Expansion Expand(const ExperimentFile& file);

// A task file.
struct BaseFile {
  std::string path, text;
};

// The base of one configuration on one task. Throws config::Error if the file cannot be read.
BaseFile ReadBaseFile(const ExperimentFile& file, const TaskVariant& task,
                      const std::string& configuration);

// The config of one configuration on one task: the base, overridden by the protocol, the task and
// the configuration in this order. Throws config::Error with the place of an invalid key or value.
agent::TaskConfig Compose(const ExperimentFile& file, const TaskVariant& task, const BaseFile& base,
                          const Variant& variant);

// Throws config::Error for a key that is set twice, and for the seed, which the file lists.
void CheckAssignments(const Variant& variant, const ExperimentFile& file);

// Throws config::Error if units cannot be compared.
void CheckComparable(const Expansion& expansion, const ExperimentFile& file);

// Fills the units of the plan from its seeds, configurations and tasks.
void AddUnits(Plan& plan, bool has_tasks);

// The content of plan.json. PlanFromJson throws InputError if the content is not a plan; `name` is
// the file's name in messages.
nlohmann::json ToJson(const Plan& plan);
Plan PlanFromJson(const nlohmann::json& json, const std::string& name);

// What JSON lacks: null for no value, and for infinities and NaN.
nlohmann::json NumberOrNull(std::optional<double> value);
std::optional<double> OptionalNumber(const nlohmann::json& json);

inline constexpr std::size_t kMostUnits = 100'000;
// Beyond it, sums of scores overflow.
inline constexpr double kLargestScore = 1e100;

// True for an empty list, and for [low, high] whose scores cannot overflow.
bool IsScoreRange(const std::vector<double>& score);

// True for the name of a folder, which is never a path: not empty, "." or "..", no '/' and no
// control character, and at most 200 bytes.
bool IsFolderName(std::string_view name);

// A name made safe for a folder: "no smoothing" → "no_smoothing"; empty if nothing is left.
std::string FolderName(const std::string& name);

}  // namespace nabla::experiment
