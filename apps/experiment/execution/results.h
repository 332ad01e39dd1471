// The results of a training run on disk: its evaluations, and whether it has finished.
#pragma once

#include <array>
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
  kDamaged,   // unreadable or inconsistent files; starts again in a new folder
};

constexpr std::array<const char*, 5> Words(UnitState) {
  return {"missing", "unfinished", "finished", "failed", "damaged"};
}

struct UnitResult {
  UnitState state = UnitState::kMissing;
  std::string reason;                       // of kFailed and kDamaged, in one line
  std::int64_t last_step = 0;               // of meta.json
  std::optional<agent::TaskConfig> config;  // config.yaml; empty if it is missing or unreadable
  // One entry per evaluation (progress.csv); empty for a damaged run.
  std::vector<std::int64_t> steps;
  std::vector<double> seconds;
  std::vector<double> returns;                // means over the episodes
  std::optional<agent::BestReplay> best;      // of a finished unit
  std::map<std::string, std::string> origin;  // version, commit, compiler, cpu, ... from meta.json
};

// Reads a run folder, in the same way for training and for reporting. A finished run with fewer
// steps than its config asks for, or than `steps`, is partial: it is to be resumed. Does not throw
// for any content of the folder.
UnitResult ReadUnit(const std::filesystem::path& folder, std::int64_t steps = 0);

}  // namespace nabla::experiment
