// Recorder: writes the files of a run while it trains.
//
//   progress.csv   a row per evaluation         checkpoint/latest   every checkpoint.every steps
//   monitor.csv    a row per training episode   checkpoint/best     at the best evaluation so far
//
// A resume removes the rows after the last checkpoint; the training writes them again.
#pragma once

#include <limits>
#include <optional>

#include "agent/run/checkpoint.h"
#include "agent/run/run_folder.h"
#include "agent/state/csv.h"
#include "agent/training/trainer.h"

namespace nabla::agent {

class Recorder : public Observer {
 public:
  // Both references must outlive the recorder. Call Begin or Resume first.
  Recorder(Trainer& trainer, const RunFolder& folder);

  // Creates the files of a new run.
  void Begin();

  // Continues from the latest checkpoint of the run: restores the trainer, then truncates the files
  // to it. Throws InputError if there is no checkpoint, or if it or a file belongs to another task
  // or is damaged; no file has changed then.
  void Resume();

  void OnStep(std::int64_t step) override;
  void OnEpisode(const EpisodeRecord& record) override;
  void OnEvaluation(const EvaluationRecord& record) override;

  // Writes checkpoint/latest now. Throws Divergence if the networks are not finite, and IoError.
  // The previous checkpoint stays then.
  void WriteCheckpoint();

  std::int64_t checkpoint_step() const { return checkpoint_step_; }
  // True if the trainer has not moved since checkpoint/latest.
  bool IsCurrent() const;
  double last_return() const { return last_return_; }  // mean of the last evaluation, NaN before

 private:
  void WriteNetworks(CheckpointKind kind, std::int64_t step);
  void Serialize(const StateArchive& archive);
  void NoteCheckpoint();

  Trainer& trainer_;
  RunPaths paths_;
  CheckpointStore store_;
  std::optional<CsvWriter> progress_;
  std::optional<CsvWriter> monitor_;
  std::uint64_t progress_offset_ = 0;  // bytes, as of the last checkpoint
  std::uint64_t monitor_offset_ = 0;
  double best_return_ = -std::numeric_limits<double>::infinity();
  double last_return_ = std::numeric_limits<double>::quiet_NaN();
  std::int64_t checkpoint_step_ = -1;
  std::int64_t checkpoint_updates_ = -1;
  bool checkpoint_is_evaluated_ = false;
};

}  // namespace nabla::agent
