#include "agent/run/recorder.h"

#include <chrono>
#include <nlohmann/json.hpp>

#include "agent/run/progress.h"
#include "agent/run/saved_policy.h"

namespace nabla::agent {
namespace {

bool IsDue(std::int64_t step, std::int64_t every, std::int64_t done) {
  return every > 0 && step / every > done / every;
}

}  // namespace

Recorder::Recorder(Trainer& trainer, const RunFolder& folder, Restored)
    : trainer_(trainer),
      paths_(folder.paths()),
      store_(paths_.checkpoint(), CheckpointStore::Access::kWrite) {}

Recorder::Recorder(Trainer& trainer, const RunFolder& folder)
    : Recorder(trainer, folder, Restored()) {
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  progress_ =
      CsvWriter::Create(paths_.progress(), ProgressColumns(trainer.agent().metrics().list()));
  monitor_ =
      MonitorWriter::Create(paths_.monitor(), trainer.environment().spec().name, now.count());
  // A run can be resumed from its beginning.
  WriteCheckpoint();
}

std::unique_ptr<Recorder> Recorder::Resume(Trainer& trainer, const RunFolder& folder) {
  std::unique_ptr<Recorder> recorder(new Recorder(trainer, folder, Restored()));
  StateLoader loader = recorder->store_.Open("latest");
  RequireSameTask(loader, trainer.config(), trainer.environment().spec());
  loader.Restore([&](const StateArchive& archive) {
    trainer.Serialize(archive);
    recorder->Serialize(archive);
  });
  const RunPaths& paths = recorder->paths_;
  recorder->progress_ =
      CsvWriter::Resume(paths.progress(), ProgressColumns(trainer.agent().metrics().list()),
                        recorder->progress_offset_);
  recorder->monitor_ = MonitorWriter::Resume(paths.monitor(), recorder->monitor_offset_);
  recorder->checkpoint_step_ = loader.step();
  return recorder;
}

void Recorder::OnStep(std::int64_t step) {
  const CheckpointConfig& config = trainer_.config().checkpoint;
  if (IsDue(step, config.keep_every, step - trainer_.config().trainer.envs)) {
    WriteNetworks(CheckpointKind::kKept, step);
  }
  if (IsDue(step, config.every, checkpoint_step_)) WriteCheckpoint();
}

void Recorder::OnEpisode(const EpisodeRecord& record) {
  monitor_->Row(record.total_reward, record.length, record.seconds);
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
  checkpoint_step_ = trainer_.step();
}

void Recorder::Serialize(const StateArchive& archive) {
  const StateArchive recorder = archive.Group("recorder");
  recorder("best_return", best_return_);
  recorder("last_return", last_return_);
  recorder.WallClock()("progress_bytes", progress_offset_);
  recorder.WallClock()("monitor_bytes", monitor_offset_);
}

}  // namespace nabla::agent
