#include "apps/experiment/execution/unit.h"

#include <fcntl.h>

#include <algorithm>
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

const UnitEnd kTrainedElsewhere = {UnitOutcome::kElsewhere, "another process is training this unit",
                                   ""};

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

// The session of a unit, with its observer.
struct UnitSession {
  UnitSession(const UnitRun& unit, const UnitProgress& progress)
      : reporter(progress), session(unit.config, OptionsOf(unit), HooksOf(unit)) {
    session.AddObserver(reporter);
  }

  static agent::SessionOptions OptionsOf(const UnitRun& unit) {
    return {.threads = unit.threads,
            .replay_best = true,
            .keep_failed_start = true,
            .status_of_failure = agent::RunStatus::kInterrupted};
  }
  static agent::SessionHooks HooksOf(const UnitRun& unit) {
    return {.about = unit.about,
            .config_text = [](const auto& task) { return config::Write(task, {.comments = true}); },
            .observers = {tensorboard::Open},
            .stop_reason = [] { return "signal"; }};
  }

  Reporter reporter;
  agent::Session session;
};

// Renames a folder with files of an earlier run, so that nothing in it is lost, neither work nor
// notes. Returns the new name; empty if there was no such file. Throws InputError if a process uses
// the folder.
std::string MoveAside(const fs::path& folder) {
  const agent::RunPaths run{folder};
  const std::vector<fs::path> contents = run.Contents();
  std::error_code ignored;
  if (std::none_of(contents.begin(), contents.end(),
                   [&](const fs::path& part) { return fs::exists(part, ignored); })) {
    return "";
  }
  const agent::FileDescriptor lock(run.lock(), O_RDWR | O_CREAT, "create");
  if (!lock.TryLock()) {
    throw agent::InputError("run folder " + folder.string() + " is in use by another process");
  }
  fs::path aside;
  for (int n = 1; aside.empty() || fs::exists(fs::symlink_status(aside, ignored)); ++n) {
    aside = folder;
    aside += ".old_" + std::to_string(n);
  }
  agent::Rename(folder, aside);
  return aside.filename().string();
}

// `why`: the reason if there is a run that cannot be resumed.
UnitEnd TrainAnew(const UnitRun& unit, const std::string& why, const std::atomic<bool>& stop,
                  const UnitProgress& progress) {
  const std::string aside = MoveAside(unit.folder);
  UnitSession run(unit, progress);
  UnitEnd end = EndOf(run.session.Begin(agent::RunFolder::CreateAt(unit.folder), stop));
  if (!why.empty()) end.note = "restarted: " + why;
  if (!aside.empty()) end.note += (why.empty() ? "" : "; ") + ("the earlier files are in " + aside);
  return end;
}

// Nothing and the reason if the checkpoint or the files that belong to it are damaged. All other
// errors, which another attempt may not have, are thrown.
std::optional<UnitEnd> Continue(const UnitRun& unit, const std::atomic<bool>& stop,
                                const UnitProgress& progress, std::string& damage) {
  UnitSession run(unit, progress);
  run.session.trainer();  // throws if the task is invalid or this machine cannot train it
  agent::RunFolder folder = agent::RunFolder::Open(unit.folder);
  try {
    return EndOf(run.session.Resume(std::move(folder), stop));
  } catch (const agent::InputError& error) {
    damage = error.what();
    return std::nullopt;
  }
}

UnitEnd RunLocked(const UnitRun& unit, const std::atomic<bool>& stop,
                  const UnitProgress& progress) {
  // A run that `nabla resume` trains, for example.
  if (IsLocked(agent::RunPaths{unit.folder}.lock())) return kTrainedElsewhere;
  const UnitResult found = ReadUnit(unit.folder, unit.config.trainer.steps);
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
  std::string damage;
  const std::optional<UnitEnd> end = Continue(unit, stop, progress, damage);
  return end ? *end : TrainAnew(unit, damage, stop, progress);
}

}  // namespace

UnitEnd RunUnit(const UnitRun& unit, const std::atomic<bool>& stop, const UnitProgress& progress) {
  try {
    agent::CreateFolders(unit.lock.parent_path());
    const agent::FileDescriptor lock(unit.lock, O_RDWR | O_CREAT, "create");
    if (!lock.TryLock()) return kTrainedElsewhere;
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
  return fs::exists(lock, ignored) &&
         !agent::FileDescriptor(lock, O_RDWR | O_CREAT, "create").TryLock();
}

}  // namespace nabla::experiment
