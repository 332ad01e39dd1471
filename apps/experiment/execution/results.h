// The results of a training run on disk: its evaluations, and whether it has finished.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/run/saved_policy.h"
#include "agent/training/task.h"

namespace nabla::experiment {

enum class UnitState {
  kMissing,   // no files
  kPartial,   // interrupted or still running; resumes from its checkpoint
  kFinished,  // complete
  kFailed,    // the learning diverged or the program crashed, and would do so again
  kDamaged,   // inconsistent files; starts again
};

const char* NameOf(UnitState state);

struct UnitResult {
  UnitState state = UnitState::kMissing;
  std::string reason;          // of kFailed and kDamaged, in one line
  std::int64_t last_step = 0;  // of meta.json
  // One entry per evaluation (progress.csv); empty for a damaged run.
  std::vector<std::int64_t> steps;
  std::vector<double> seconds;
  std::vector<double> returns;                // means over the episodes
  std::optional<agent::BestReplay> best;      // of a finished unit
  std::map<std::string, std::string> origin;  // version, commit, compiler, cpu, ... from meta.json
};

// Reads the run folder of `config`. Does not throw for any content of the folder.
UnitResult ReadUnit(const std::filesystem::path& folder, const agent::TaskConfig& config);

// The same with the folder's config.yaml, which it reads into `config`.
UnitResult ReadUnit(const std::filesystem::path& folder, agent::TaskConfig* config);

}  // namespace nabla::experiment
