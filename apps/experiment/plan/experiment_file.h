// ExperimentFile: the description of many training runs that answer one question.
//
//   base: ../tasks/pendulum_td3.yaml     # a task file, relative to this file's folder
//   seeds: 0-9
//   configurations:                      # name: the keys that differ from the base
//     TD3: {}
//     no smoothing: {agent.target_noise: 0}
//   grid:                                # every combination of the values
//     agent.polyak_rate: [0.005, 0.03]
//   thresholds: [-200]
//
// The units are all combinations of a configuration, a point of the grid, a task and a seed. A key
// is a path from the root of the task file and its value any YAML, as in `--set`.
//
//   tasks:                               # averaged over; without it the base is the only task
//     Pendulum-v1: {score: [-1400, -150]}
//     reacher: {base: ../tasks/reacher_td3.yaml, score: [0, 1000], set: {trainer.steps: 50000}}
//
// <configuration> in the path of a base is replaced by the configuration's name, so that each
// configuration can have its own task file: with configurations {td3: {}, sac: {}},
// ../tasks/reacher_<configuration>.yaml is reacher_td3.yaml and reacher_sac.yaml.
//
// `search` replaces `configurations` and `grid`: it looks for the best values of some keys
// (search/search_file.h).
//
// `score: [low, high]` maps returns to scores, (R − low) / (high − low); without it the score is
// the return itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/document.h"

namespace nabla::experiment {

// The word for an enumerator, which Words(E) beside the enumeration lists in its order.
template <class E>
const char* WordOf(E value) {
  return Words(value).at(static_cast<std::size_t>(value));
}

// A mapping whose keys are not known beforehand; experiment_file.cc reads it node by node.
struct Verbatim {
  template <class Archive>
  void Visit(Archive&) {}
};

struct EvaluationProtocol {
  std::optional<std::int64_t> every;
  std::optional<int> episodes;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("every", every, "Environment steps between evaluations; null: as in the task").AtLeast(0);
    ar("episodes", episodes, "Episodes per evaluation; null: as in the task").AtLeast(1);
  }
};

struct StatisticsConfig {
  double confidence = 0.95;
  int repetitions = 50'000;
  int band_repetitions = 2'000;
  std::uint64_t seed = 0;
  std::optional<double> failed_score;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("confidence", confidence, "Confidence level of the intervals").Between(0.5, 0.9999);
    ar("repetitions", repetitions, "Bootstrap repetitions of an interval").Between(100, 10'000'000);
    ar("band_repetitions", band_repetitions,
       "Bootstrap repetitions of the band of a curve or profile")
        .Between(100, 1'000'000);
    ar("seed", seed, "Seed of the bootstrap");
    ar("failed_score", failed_score,
       "Score of a failed run; null: averages leave it out, and the report counts it separately")
        .Between(-1e100, 1e100);
  }
};

struct ExperimentConfig {
  std::string name;
  std::string description;
  std::string base;
  EvaluationProtocol evaluation;
  std::vector<double> score;
  std::vector<double> thresholds;
  StatisticsConfig statistics;
  Verbatim seeds, configurations, grid, tasks, search;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("name", name, "Name of the folder below experiments/; empty: the file's name");
    ar("description", description, "The question that the experiment answers, for the report");
    ar("base", base,
       "Task file of all units, relative to this file's folder; <configuration> stands for the "
       "configuration's name");
    ar("seeds", seeds, "Master seeds of the runs: 0-9, \"0-4, 7\" or [0, 1, 5]");
    ar("configurations", configurations, "name: {key: value}; what the experiment compares");
    ar("grid", grid, "key: [values]; every combination of the values");
    ar("tasks", tasks, "name: {base, score, set: {key: value}}; the tasks to average over");
    ar("search", search, "Search for the best values of some keys");
    ar("evaluation", evaluation, "Evaluation protocol, the same for all units");
    ar("score", score, "[low, high]: returns that map to 0 and 1; empty: the return itself");
    ar("thresholds", thresholds, "Scores for which the first crossing is reported")
        .Between(-1e100, 1e100);
    ar("statistics", statistics, "Bootstrap intervals");
  }
};

// A key of the task file with its value as YAML on one line, and its place in the file.
struct Assignment {
  std::string key;
  std::string value;
  config::Place place;
  std::string text() const { return key + "=" + value; }
};

struct Variant {
  std::string name;
  std::vector<Assignment> assignments;
  std::string configuration = "";  // the name without the grid's part; empty if the file has none
};

struct GridKey {
  std::string key;
  std::vector<Assignment> values;
};

struct TaskVariant {
  std::string name;
  std::string base;  // path of the task file, which may contain <configuration>
  std::vector<double> score;
  std::vector<Assignment> assignments;
};

struct ExperimentFile {
  ExperimentConfig config;
  std::string text;           // of the whole file
  config::Document document;  // for the places in messages
  std::vector<std::uint64_t> seeds;
  std::vector<Variant> configurations;  // empty if the file has none
  std::vector<GridKey> grid;
  std::vector<TaskVariant> tasks;  // at least one; its name is empty if the file has no tasks
  std::optional<config::Node> search;

  // Throws config::Error for the file as a whole.
  [[noreturn]] void Fail(const std::string& message) const;
};

// Throws config::Error with file, line and column.
ExperimentFile ReadExperimentFile(const std::string& path,
                                  const std::vector<std::string>& overrides = {});

}  // namespace nabla::experiment
