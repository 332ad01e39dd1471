// ExperimentFile: many runs of one question, as a person writes it down.
//
//   base: ../tasks/pendulum_td3.yaml     # a task file, named from this file's folder
//   seeds: 0-9
//   configurations:                      # name: keys that differ from the base
//     TD3: {}
//     no smoothing: {agent.target_noise: 0}
//   grid:                                # every combination of the values
//     agent.polyak_rate: [0.005, 0.03]
//   thresholds: [-200]
//
// Every configuration is crossed with every point of the grid, every task and every seed. A key is
// a path from the root of the task file, a value any YAML, as in `--set`.
//
//   tasks:                               # to average over; without it the base is the only one
//     Pendulum-v1: {score: [-1400, -150]}
//     reacher: {base: ../tasks/reacher_td3.yaml, score: [0, 1000], set: {trainer.steps: 50000}}
//
// In the name of a base <configuration> stands for the configuration's, so that each can have a
// task file of its own: with configurations {td3: {}, sac: {}},
// ../tasks/reacher_<configuration>.yaml is reacher_td3.yaml and reacher_sac.yaml.
//
// Instead of `configurations` and `grid`, `search` looks for the best values of some keys
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

// Keys and values that are not known beforehand: taken from the document by hand
// (experiment_file.cc).
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
    ar("episodes", episodes, "Episodes an evaluation; null: as in the task").AtLeast(1);
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
    ar("confidence", confidence, "Share of the bootstrap within an interval").Between(0.5, 0.9999);
    ar("repetitions", repetitions, "Bootstrap repetitions of an interval").Between(100, 10'000'000);
    ar("band_repetitions", band_repetitions, "Bootstrap repetitions of a curve's or profile's band")
        .Between(100, 1'000'000);
    ar("seed", seed, "Seed of the bootstrap");
    ar("failed_score", failed_score,
       "Score that counts for a run that failed; null: it is left out, and counted beside");
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
    ar("description", description, "What is asked, for the report");
    ar("base", base,
       "Task file that all units start from, named from this file's folder; <configuration> stands "
       "for the configuration's name");
    ar("seeds", seeds, "Master seeds of the runs: 0-9, \"0-4, 7\" or [0, 1, 5]");
    ar("configurations", configurations, "Name: {key: value}; what is compared");
    ar("grid", grid, "key: [values]; every combination");
    ar("tasks", tasks, "Name: {base, score, set: {key: value}}; what is averaged over");
    ar("search", search, "Ranges of keys, and how to look for their best values");
    ar("evaluation", evaluation, "The protocol of evaluation, the same for all units");
    ar("score", score, "[low, high]: returns that count as 0 and as 1; empty: the return itself");
    ar("thresholds", thresholds, "Scores whose first crossing is timed");
    ar("statistics", statistics, "Intervals");
  }
};

// A key of the task file and the value that it gets, as YAML on one line; where it was written.
struct Assignment {
  std::string key;
  std::string value;
  config::Place place;
  std::string text() const { return key + "=" + value; }
};

struct Variant {
  std::string name;
  std::vector<Assignment> assignments;
  std::string configuration = "";  // its name without the grid's part; empty if the file has none
};

struct GridKey {
  std::string key;
  std::vector<Assignment> values;
};

struct TaskVariant {
  std::string name;
  std::string base;  // path as the program opens it, once <configuration> is replaced
  std::vector<double> score;
  std::vector<Assignment> assignments;
};

struct ExperimentFile {
  ExperimentConfig config;
  std::string text;           // of the whole file
  config::Document document;  // for the names of places
  std::vector<std::uint64_t> seeds;
  std::vector<Variant> configurations;  // empty if the file has none
  std::vector<GridKey> grid;
  std::vector<TaskVariant> tasks;  // one at least; its name is empty if the file has none
  std::optional<config::Node> search;
};

// A value as YAML on one line.
std::string FlowYaml(const config::Node& node);

// Throws config::Error that names file, line and column.
ExperimentFile ReadExperimentFile(const std::string& path,
                                  const std::vector<std::string>& overrides = {});

}  // namespace nabla::experiment
