// What a training run has left on disk: its evaluations, and whether it came to its end.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/run/best.h"
#include "agent/training/task.h"

namespace nabla::experiment {

enum class UnitState {
  kMissing,   // nothing there
  kPartial,   // cut off or still running; goes on from its checkpoint
  kFinished,  // whole
  kFailed,    // its learning diverged or its program crashed: it would do so again
  kDamaged,   // files that a training run does not leave; to be done anew
};

const char* NameOf(UnitState state);

struct UnitResult {
  UnitState state = UnitState::kMissing;
  std::string reason;          // of kFailed and kDamaged, in one line
  std::int64_t last_step = 0;  // of meta.json
  // A row an evaluation (progress.csv); those of a damaged run are left out.
  std::vector<std::int64_t> steps;
  std::vector<double> seconds;
  std::vector<double> returns;                // means over the evaluation's episodes
  std::optional<agent::BestReplay> best;      // of a unit that is finished
  std::map<std::string, std::string> origin;  // version, commit, compiler, cpu, ...: of meta.json
};

// Reads a run folder that `config` was or is to be trained in. Never throws for its content.
UnitResult ReadUnit(const std::filesystem::path& folder, const agent::TaskConfig& config);

// The same by its own config.yaml, which is written into `config`.
UnitResult ReadUnit(const std::filesystem::path& folder, agent::TaskConfig* config);

}  // namespace nabla::experiment
