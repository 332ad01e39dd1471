// Plan: what an experiment file comes to: the units, each a configuration on a task with a seed,
// and how they are judged.
//
// The plan is kept in the experiment's folder, so that the report needs nothing else:
//
//   experiments/<name>/
//     plan.json  experiment.yaml  report.html  plots/
//     summary.csv  aggregate.csv  improvement.csv  curves.csv
//     <configuration>/seed_<n>/            a run folder each (<configuration>/<task>/seed_<n>/
//                                          where the file lists tasks)
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
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
  // Its inverse.
  double Return(double value) const {
    return score.empty() ? value : score[0] + value * (score[1] - score[0]);
  }
};

struct PlannedConfiguration {
  std::string name;
  std::vector<std::string> assignments;  // "agent.gamma=0.98"
};

struct Unit {
  std::size_t configuration = 0;
  std::size_t task = 0;
  std::uint64_t seed = 0;
  std::string folder;  // from the experiment's folder; also what the unit is called
};

struct Plan {
  std::string name;
  std::string description;
  std::string source;   // the experiment file as the user named it
  std::string command;  // that repeats the experiment
  std::vector<PlannedTask> tasks;
  std::vector<PlannedConfiguration> configurations;
  std::vector<std::uint64_t> seeds;
  std::vector<double> thresholds;
  StatisticsConfig statistics;
  std::int64_t evaluation_every = 0;
  int evaluation_episodes = 0;
  std::vector<Unit> units;  // seed after seed, so that an experiment cut short is balanced

  // Returns are mapped to scores.
  bool scored() const {
    return std::all_of(tasks.begin(), tasks.end(), [](auto& task) { return !task.score.empty(); });
  }
  // Something can be averaged over all tasks.
  bool averages() const { return tasks.size() == 1 || scored(); }
};

// A plan and what its units train: configs[c][t] is the task of configuration c on task t, to be
// given the unit's seed.
struct Expansion {
  Plan plan;
  std::vector<std::vector<agent::TaskConfig>> configs;

  agent::TaskConfig ConfigOf(const Unit& unit) const;
};

// Throws config::Error with the place for a key or value that no task has, and for units that
// cannot be compared: other environments, evaluation protocols, or scores of several tasks without
// a range.
Expansion Expand(const ExperimentFile& file);

// A task file.
struct Base {
  std::string path, text;
};

// The base of one configuration of the file on one task. Throws config::Error if it cannot be read.
Base ReadBase(const ExperimentFile& file, const TaskVariant& task,
              const std::string& configuration);

// The task of one configuration: base, protocol, task, configuration; the later wins. Throws
// config::Error with the place of what does not fit.
agent::TaskConfig Compose(const ExperimentFile& file, const TaskVariant& task, const Base& base,
                          const Variant& variant);

// Throws config::Error for a key that is set twice, or that no configuration may set.
void CheckAssignments(const Variant& variant, const ExperimentFile& file);

// Throws config::Error where units cannot be compared.
void CheckComparable(const Expansion& expansion, const ExperimentFile& file);

// The units of the plan, from its seeds, configurations and tasks.
void AddUnits(Plan& plan, bool has_tasks);

// plan.json. Throws InputError for a file that is no plan.
nlohmann::json ToJson(const Plan& plan);
Plan PlanFromJson(const nlohmann::json& json, const std::string& name);

// "no smoothing" → "no_smoothing": what a folder may be called.
std::string FolderName(const std::string& name);

}  // namespace nabla::experiment
