// An experiment from its file to its report: `nabla experiment`.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "apps/experiment/report/report.h"

namespace nabla::experiment {

struct Shard {
  std::size_t index = 0;  // unit k is this shard's if k mod count = index
  std::size_t count = 1;
};

// "0/4" … "3/4". Throws InputError.
Shard ParseShard(const std::string& text);

struct ExperimentOptions {
  std::string file;
  std::vector<std::string> overrides;
  std::string out;  // empty: experiments/<name>
  int jobs = 0;     // 0: as many as there are cores
  int threads = 1;
  Shard shard;
  bool dry_run = false;
  bool retry_failed = false;
  bool quiet = false;
  nlohmann::json about;  // the program and the machine
  std::string command;   // as typed, to go on with
};

struct ExperimentEnd {
  std::size_t finished = 0;  // of all units of the plan
  std::size_t failed = 0;
  std::size_t left = 0;
  bool stopped = false;  // by `stop`; then nothing is written beside the units
  std::filesystem::path folder{};
  Written written{};
};

ExperimentEnd RunExperiment(const ExperimentOptions& options, const std::atomic<bool>& stop);

}  // namespace nabla::experiment
