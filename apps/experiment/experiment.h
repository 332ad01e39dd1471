// Runs an experiment from its file to its report: `nabla experiment`.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "apps/experiment/execution/experiment_folder.h"
#include "apps/experiment/execution/rank_pool.h"
#include "apps/experiment/report/report.h"

namespace nabla::experiment {

struct Shard {
  std::size_t index = 0;  // the shard runs the units k with k mod count = index
  std::size_t count = 1;
};

// Parses "0/4" … "3/4". Throws InputError.
Shard ParseShard(const std::string& text);

struct ExperimentOptions {
  std::string file;
  std::vector<std::string> overrides;
  std::string out;  // empty: experiments/<name>
  int jobs = 0;     // 0: one per core
  int threads = 1;
  Shard shard;
  bool dry_run = false;
  bool retry_failed = false;
  bool quiet = false;
  nlohmann::json about;  // the program and the machine
  std::string command;   // resumes the experiment
  // Called with true before units are trained and with false after them. Signals set `stop` only in
  // between; before and after it, they may end the process, since no work is lost.
  std::function<void(bool)> catch_signals = [](bool) {};
};

struct ExperimentEnd {
  UnitCounts units{};  // of the plan
  std::size_t cut =
      0;  // units that this call was to run, and that have neither finished nor failed
  bool stopped = false;  // by `stop`; then no report is written
  std::filesystem::path folder{};
  ReportFiles written{};
};

// The folder of the experiment `name`.
ExperimentPaths PathsOf(const ExperimentOptions& options, const std::string& name);

// What a worker needs to train the unit.
UnitRun RunOf(const ExperimentPaths& paths, const Unit& unit, agent::TaskConfig config,
              const ExperimentOptions& options);

// The pool of this process. mpirun has distributed the ranks over the cores: one job per rank,
// without pinning. `ranks` is null without mpirun.
PoolOptions PoolFor(const ExperimentOptions& options, const Ranks* ranks);

ExperimentEnd RunExperiment(const ExperimentOptions& options, const std::atomic<bool>& stop);

// The same for a file with `search`. `ranks` is null without mpirun. Throws InputError if the
// folder is not that of this search.
ExperimentEnd RunSearch(const ExperimentFile& file, const ExperimentOptions& options, Ranks* ranks,
                        const std::atomic<bool>& stop);

}  // namespace nabla::experiment
