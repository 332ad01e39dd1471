// One unit: a training run in its own folder, begun, gone on with or done anew, whatever is needed.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "agent/training/task.h"

namespace nabla::experiment {

enum class UnitOutcome {
  kFinished,
  kInterrupted,  // asked to stop, or the machine refused; goes on next time
  kFailed,       // the learning diverged, or the task cannot be trained: the same next time
  kElsewhere,    // another process is at it
};

struct UnitEnd {
  UnitOutcome outcome = UnitOutcome::kFinished;
  std::string reason;  // unless finished
  std::string note;    // why the unit was done anew, if so
};

struct UnitRun {
  std::filesystem::path folder;
  std::filesystem::path lock;  // a file that whoever works at the unit holds flock(2) on
  agent::TaskConfig config;
  int threads = 1;
  bool retry_failed = false;
  nlohmann::json about;  // the program and the machine, for meta.json
};

// Called between two steps now and then; with the mean return right after an evaluation.
using UnitProgress = std::function<void(std::int64_t step, std::optional<double> total_reward)>;

// Trains the unit to its end, or until `stop`, then with a checkpoint. All errors are outcomes.
UnitEnd RunUnit(const UnitRun& unit, const std::atomic<bool>& stop, const UnitProgress& progress);

// Records the end of a unit whose process ended without a word.
void RecordCrash(const std::filesystem::path& folder, UnitOutcome outcome,
                 const std::string& reason);

// True while another process holds the unit's lock.
bool IsLocked(const std::filesystem::path& lock);

}  // namespace nabla::experiment
