// Unit: starts, resumes or restarts a training run in its own folder.
#pragma once

#include <array>
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
  kInterrupted,  // stopped on request, or a system error; resumes next time
  kFailed,       // diverged, or an invalid task; would fail again
  kElsewhere,    // another process is training this unit
};

constexpr std::array<const char*, 4> Words(UnitOutcome) {
  return {"finished", "interrupted", "FAILED", "skipped, another process trains it"};
}

struct UnitEnd {
  UnitOutcome outcome = UnitOutcome::kFinished;
  std::string reason;  // unless finished
  std::string note;    // why the unit was restarted, and where its old files are
};

struct UnitRun {
  std::filesystem::path folder;
  std::filesystem::path lock;  // the process that trains the unit holds flock(2) on this file
  agent::TaskConfig config;
  int threads = 1;
  bool retry_failed = false;
  nlohmann::json about;  // the program and the machine, for meta.json
};

// Called every 64 steps, and after each evaluation with its mean return.
using UnitProgress = std::function<void(std::int64_t step, std::optional<double> total_reward)>;

// Trains the unit to its end, or until `stop`, then with a checkpoint. All errors are outcomes.
UnitEnd RunUnit(const UnitRun& unit, const std::atomic<bool>& stop, const UnitProgress& progress);

// Records the end of a unit whose process ended without a report.
void RecordCrash(const std::filesystem::path& folder, UnitOutcome outcome,
                 const std::string& reason);

// True while another process holds the unit's lock.
bool IsLocked(const std::filesystem::path& lock);

}  // namespace nabla::experiment
