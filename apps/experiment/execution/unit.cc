#include "apps/experiment/execution/unit.h"

#include <fcntl.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>

#include <cerrno>
#include <memory>
#include <new>

#include "agent/run/recorder.h"
#include "agent/run/run_folder.h"
#include "apps/experiment/execution/best.h"
#include "apps/experiment/execution/results.h"
#include "apps/tensorboard/tensorboard.h"
#include "config/config.h"

namespace nabla::experiment {
namespace {

namespace fs = std::filesystem;
using agent::RunStatus;

// Steps between two looks at the observer: it is called millions of times.
constexpr std::int64_t kProgressSteps = 64;

class Reporter : public agent::Observer {
 public:
  explicit Reporter(const UnitProgress& progress) : progress_(progress) {}
  void OnStep(std::int64_t step) override {
    if (step % kProgressSteps == 0) progress_(step, std::nullopt);
  }
  void OnEvaluation(const agent::EvaluationRecord& record) override {
    const double mean = agent::Mean(record.result.returns);
    spdlog::info("step {}: return {:.2f} over {} episodes", record.step, mean,
                 record.result.returns.size());
    progress_(record.step, mean);
  }

 private:
  const UnitProgress& progress_;
};

void OpenLog(const agent::RunPaths& paths) {
  auto logger = std::make_shared<spdlog::logger>(
      "unit", std::make_shared<spdlog::sinks::basic_file_sink_mt>(paths.log().string()));
  logger->flush_on(spdlog::level::info);
  logger->set_error_handler([](const std::string&) {});  // a full disk only silences the log
  spdlog::set_default_logger(logger);
}

bool HasCheckpoint(const fs::path& folder) {
  const agent::CheckpointStore store(agent::RunPaths{folder}.checkpoint(),
                                     agent::CheckpointStore::Access::kRead);
  return store.Describe().starts_with("latest");
}

// A file with flock(2), held until the object or its process ends.
class UnitLock {
 public:
  explicit UnitLock(const fs::path& path) : file_(path, O_RDWR | O_CREAT, "create") {
    held_ = ::flock(file_.get(), LOCK_EX | LOCK_NB) == 0;
    if (!held_ && errno != EWOULDBLOCK) throw agent::IoError("lock", path, errno);
  }
  bool held() const { return held_; }

 private:
  agent::FileDescriptor file_;
  bool held_ = false;
};

class Training {
 public:
  Training(const UnitRun& unit, bool resume, const UnitProgress& progress)
      : unit_(unit),
        folder_(resume ? agent::RunFolder::Open(unit.folder)
                       : agent::RunFolder::CreateAt(unit.folder)),
        workers_(unit.threads),
        reporter_(progress) {
    // From here on the unit has a folder that says what it is, whatever happens.
    agent::WriteFileAtomically(folder_.paths().config(),
                               config::Write(unit.config, {.comments = true}));
    if (!resume) folder_.Start(unit.about, 0);
    OpenLog(folder_.paths());
  }

  UnitEnd Run(bool resume, const std::atomic<bool>& stop) {
    try {
      trainer_ = std::make_unique<agent::Trainer>(unit_.config, workers_);
      recorder_ = resume ? agent::Recorder::Resume(*trainer_, folder_)
                         : std::make_unique<agent::Recorder>(*trainer_, folder_);
      if (unit_.config.logging.tensorboard) {
        tensorboard_ = tensorboard::Open(*trainer_, folder_.paths());
        trainer_->AddObserver(*tensorboard_);
      }
      if (resume) folder_.Start(unit_.about, trainer_->step());
      return Train(stop);
    } catch (const agent::Divergence& error) {
      return End(RunStatus::kFailed, UnitOutcome::kFailed, error.what());
    } catch (const std::bad_alloc&) {
      return End(RunStatus::kInterrupted, UnitOutcome::kInterrupted, "out of memory");
    } catch (const std::invalid_argument& error) {
      if (resume) throw;  // what is on disk does not fit: the caller starts anew
      return End(RunStatus::kFailed, UnitOutcome::kFailed, error.what());
    } catch (const std::exception& error) {
      return End(RunStatus::kInterrupted, UnitOutcome::kInterrupted, error.what());
    }
  }

 private:
  UnitEnd Train(const std::atomic<bool>& stop) {
    trainer_->AddObserver(*recorder_);
    trainer_->AddObserver(reporter_);
    spdlog::info("from step {} to {}", trainer_->step(), unit_.config.trainer.steps);
    const agent::Trainer::Outcome outcome = trainer_->Run(stop);
    if (recorder_->checkpoint_step() != trainer_->step()) recorder_->WriteCheckpoint();
    if (outcome == agent::Trainer::Outcome::kInterrupted) {
      return End(RunStatus::kInterrupted, UnitOutcome::kInterrupted, "signal");
    }
    if (!trainer_->EvaluatedNow()) trainer_->RunEvaluation(false);
    PlayBest(folder_.paths(), unit_.config, workers_);
    return End(RunStatus::kFinished, UnitOutcome::kFinished, "");
  }

  UnitEnd End(RunStatus status, UnitOutcome outcome, const std::string& reason) {
    const std::int64_t step = trainer_ == nullptr ? 0 : trainer_->step();
    spdlog::info("{} at step {}", reason.empty() ? "finished" : reason, step);
    try {
      folder_.Update(status, step, reason);
    } catch (const std::exception& error) {
      // A disk that is full refuses this as well: the first reason is the one to say.
      return {UnitOutcome::kInterrupted, reason.empty() ? error.what() : reason, ""};
    }
    return {outcome, reason, ""};
  }

  const UnitRun& unit_;
  agent::RunFolder folder_;
  agent::Workers workers_;
  Reporter reporter_;
  std::unique_ptr<agent::Trainer> trainer_;
  std::unique_ptr<agent::Recorder> recorder_;
  std::unique_ptr<agent::Observer> tensorboard_;  // null unless asked for
};

UnitEnd TrainAnew(const UnitRun& unit, const std::string& why, const std::atomic<bool>& stop,
                  const UnitProgress& progress) {
  std::error_code ignored;
  if (fs::exists(unit.folder, ignored)) agent::RemoveFolder(unit.folder);
  UnitEnd end = Training(unit, false, progress).Run(false, stop);
  if (!why.empty()) end.note = "done anew: " + why;
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
    return Training(unit, true, progress).Run(true, stop);
  } catch (const std::invalid_argument& error) {
    return TrainAnew(unit, error.what(), stop, progress);
  }
}

}  // namespace

UnitEnd RunUnit(const UnitRun& unit, const std::atomic<bool>& stop, const UnitProgress& progress) {
  try {
    agent::CreateFolders(unit.lock.parent_path());
    const UnitLock lock(unit.lock);
    if (!lock.held()) return {UnitOutcome::kElsewhere, "another process is at it", ""};
    return RunLocked(unit, stop, progress);
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
    // Without a run folder the unit counts as missing, which is what it is.
  }
}

bool IsLocked(const fs::path& lock) {
  std::error_code ignored;
  return fs::exists(lock, ignored) && !UnitLock(lock).held();
}

}  // namespace nabla::experiment
