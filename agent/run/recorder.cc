#include "agent/run/recorder.h"

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

#include "agent/run/progress.h"
#include "agent/run/saved_policy.h"

namespace nabla::agent {
namespace {

bool IsDue(std::int64_t step, std::int64_t every, std::int64_t done) {
  return every > 0 && step / every > done / every;
}

}  // namespace

Recorder::Recorder(Trainer& trainer, const RunFolder& folder)
    : trainer_(trainer),
      paths_(folder.paths()),
      store_(paths_.checkpoint(), CheckpointStore::Access::kWrite) {}

void Recorder::Begin() {
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  progress_ =
      CsvWriter::Create(paths_.progress(), ProgressColumns(trainer_.agent().metrics().list()));
  monitor_ = CsvWriter::Create(paths_.monitor(), kMonitorColumns,
                               MonitorComment(trainer_.environment().spec().name, now.count()));
  // A run can be resumed from its beginning.
  WriteCheckpoint();
}

void Recorder::Resume() {
  StateLoader loader = store_.Open("latest");
  RequireSameTask(loader, trainer_.config(), trainer_.environment().spec());
  loader.Restore([&](const StateArchive& archive) {
    trainer_.Serialize(archive);
    Serialize(archive);
  });
  RequireFinite(loader, [&](const StateArchive& archive) { trainer_.Serialize(archive); });
  if (loader.step() != trainer_.step()) {
    throw InputError("'" + loader.folder().string() + "' is damaged: it has two different steps");
  }
  progress_ = CsvWriter::Resume(
      paths_.progress(), ProgressColumns(trainer_.agent().metrics().list()), progress_offset_);
  monitor_ = CsvWriter::Resume(paths_.monitor(), kMonitorColumns, monitor_offset_);
  progress_->Truncate();
  monitor_->Truncate();
  NoteCheckpoint();
}

void Recorder::OnStep(std::int64_t step) {
  const CheckpointConfig& config = trainer_.config().checkpoint;
  if (IsDue(step, config.keep_every, step - trainer_.config().trainer.envs)) {
    WriteNetworks(CheckpointKind::kKept, step);
  }
  if (IsDue(step, config.every, checkpoint_step_)) WriteCheckpoint();
}

void Recorder::OnEpisode(const EpisodeRecord& record) {
  monitor_->Row(MonitorRow(record.total_reward, record.length, record.seconds));
}

void Recorder::OnEvaluation(const EvaluationRecord& record) {
  const ProgressRow row = RowOf(record);
  progress_->Row(ProgressValues(row));
  last_return_ = row.return_mean;
  // A longer run does not have the unscheduled evaluation, so it must not affect its checkpoints.
  if (!record.scheduled || row.return_mean <= best_return_) return;
  best_return_ = row.return_mean;
  WriteNetworks(CheckpointKind::kBest, record.step);
}

void Recorder::WriteNetworks(CheckpointKind kind, std::int64_t step) {
  trainer_.RequireFinite();
  store_.Write(
      kind, step, [&](const StateArchive& archive) { trainer_.SerializeNetworks(archive); },
      CheckpointMetadata(trainer_.config(), trainer_.environment().spec()));
}

void Recorder::WriteCheckpoint() {
  trainer_.RequireFinite();
  progress_offset_ = progress_->Flush();
  monitor_offset_ = monitor_->Flush();
  store_.Write(
      CheckpointKind::kLatest, trainer_.step(),
      [&](const StateArchive& archive) {
        trainer_.Serialize(archive);
        Serialize(archive);
      },
      CheckpointMetadata(trainer_.config(), trainer_.environment().spec()));
  NoteCheckpoint();
}

void Recorder::NoteCheckpoint() {
  checkpoint_step_ = trainer_.step();
  checkpoint_updates_ = trainer_.updates();
  checkpoint_is_evaluated_ = trainer_.EvaluatedNow();
}

bool Recorder::IsCurrent() const {
  return checkpoint_step_ == trainer_.step() && checkpoint_updates_ == trainer_.updates() &&
         checkpoint_is_evaluated_ == trainer_.EvaluatedNow();
}

void Recorder::Serialize(const StateArchive& archive) {
  const StateArchive recorder = archive.Group("recorder");
  recorder("best_return", best_return_);
  recorder.Require(!std::isnan(best_return_), "best_return", "is not a number");
  recorder("last_return", last_return_);
  recorder.WallClock().Between("progress_bytes", progress_offset_, 1, kMaxCount);
  recorder.WallClock().Between("monitor_bytes", monitor_offset_, 1, kMaxCount);
}

}  // namespace nabla::agent
