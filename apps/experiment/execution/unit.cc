#include "apps/experiment/execution/unit.h"

#include <fcntl.h>

#include <new>
#include <utility>

#include "agent/run/session.h"
#include "apps/experiment/execution/results.h"
#include "apps/tensorboard/tensorboard.h"
#include "config/config.h"

namespace nabla::experiment {
namespace {

namespace fs = std::filesystem;
using agent::RunStatus;

// Steps between two progress reports.
constexpr std::int64_t kProgressSteps = 64;

class Reporter : public agent::Observer {
 public:
  explicit Reporter(const UnitProgress& progress) : progress_(progress) {}
  void OnStep(std::int64_t step) override {
    if (step % kProgressSteps == 0) progress_(step, std::nullopt);
  }
  void OnEvaluation(const agent::EvaluationRecord& record) override {
    progress_(record.step, agent::Mean(record.result.returns));
  }

 private:
  const UnitProgress& progress_;
};

bool HasCheckpoint(const fs::path& folder) {
  const agent::CheckpointStore store(agent::RunPaths{folder}.checkpoint(),
                                     agent::CheckpointStore::Access::kRead);
  return store.Has("latest");
}

// An exclusive lock on a file, held until the object or its process ends.
class UnitLock {
 public:
  explicit UnitLock(const fs::path& path)
      : file_(path, O_RDWR | O_CREAT, "create"), held_(file_.TryLock()) {}
  bool held() const { return held_; }

 private:
  agent::FileDescriptor file_;
  bool held_;
};

UnitEnd EndOf(const agent::SessionEnd& end) {
  using Outcome = agent::SessionEnd::Outcome;
  switch (end.outcome) {
    case Outcome::kFinished:
      return {};
    case Outcome::kDiverged:
    case Outcome::kInvalid:
      return {UnitOutcome::kFailed, end.reason, ""};
    case Outcome::kInterrupted:
    case Outcome::kFailed:
      break;
  }
  return {UnitOutcome::kInterrupted, end.reason, ""};
}

// Throws std::invalid_argument if the run on disk cannot be resumed.
UnitEnd Train(const UnitRun& unit, bool resume, const std::atomic<bool>& stop,
              const UnitProgress& progress) {
  agent::SessionHooks hooks = {
      .about = unit.about,
      .config_text = [](const auto& task) { return config::Write(task, {.comments = true}); },
      .observers = {tensorboard::Open},
      .stop_reason = [] { return "signal"; }};
  agent::Session session(unit.config,
                         {.threads = unit.threads,
                          .replay_best = true,
                          .keep_failed_start = true,
                          .status_of_failure = agent::RunStatus::kInterrupted},
                         std::move(hooks));
  Reporter reporter(progress);
  session.AddObserver(reporter);
  return EndOf(resume ? session.Resume(agent::RunFolder::Open(unit.folder), stop)
                      : session.Begin(agent::RunFolder::CreateAt(unit.folder), stop));
}

UnitEnd TrainAnew(const UnitRun& unit, const std::string& why, const std::atomic<bool>& stop,
                  const UnitProgress& progress) {
  std::error_code ignored;
  if (fs::exists(unit.folder, ignored)) agent::RemoveFolder(unit.folder);
  UnitEnd end = Train(unit, false, stop, progress);
  if (!why.empty()) end.note = "restarted: " + why;
  return end;
}

UnitEnd RunLocked(const UnitRun& unit, const std::atomic<bool>& stop,
                  const UnitProgress& progress) {
  const UnitResult found = ReadUnit(unit.folder, unit.config);
  switch (found.state) {
    case UnitState::kFinished:
      return {};
    case UnitState::kFailed:
      if (!unit.retry_failed) return {UnitOutcome::kFailed, found.reason, ""};
      [[fallthrough]];
    case UnitState::kMissing:
      return TrainAnew(unit, "", stop, progress);
    case UnitState::kDamaged:
      return TrainAnew(unit, found.reason, stop, progress);
    case UnitState::kPartial:
      break;
  }
  if (!HasCheckpoint(unit.folder)) return TrainAnew(unit, "", stop, progress);
  try {
    return Train(unit, true, stop, progress);
  } catch (const std::invalid_argument& error) {
    return TrainAnew(unit, error.what(), stop, progress);
  }
}

}  // namespace

UnitEnd RunUnit(const UnitRun& unit, const std::atomic<bool>& stop, const UnitProgress& progress) {
  try {
    agent::CreateFolders(unit.lock.parent_path());
    const UnitLock lock(unit.lock);
    if (!lock.held()) return {UnitOutcome::kElsewhere, "another process is training this unit", ""};
    return RunLocked(unit, stop, progress);
  } catch (const std::bad_alloc&) {
    return {UnitOutcome::kInterrupted, "out of memory", ""};
  } catch (const std::exception& error) {
    return {UnitOutcome::kInterrupted, error.what(), ""};
  }
}

void RecordCrash(const fs::path& folder, UnitOutcome outcome, const std::string& reason) {
  try {
    agent::RunFolder run = agent::RunFolder::Open(folder);
    const std::int64_t step = agent::ReadMeta(run.paths()).value("last_step", std::int64_t{0});
    run.Update(outcome == UnitOutcome::kFailed ? RunStatus::kFailed : RunStatus::kInterrupted, step,
               reason);
  } catch (const std::exception&) {
    // Without a run folder, the unit counts as missing.
  }
}

bool IsLocked(const fs::path& lock) {
  std::error_code ignored;
  return fs::exists(lock, ignored) && !UnitLock(lock).held();
}

}  // namespace nabla::experiment
