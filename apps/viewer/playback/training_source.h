// TrainingSource: where the viewer gets a training from, in this process (in_process_training.h) or
// from a run folder (run_follower.h); and TrainingSnapshot, its state at one moment.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "apps/viewer/playback/policy_replica.h"
#include "apps/viewer/playback/recent_transitions.h"
#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer {

struct TrainingSnapshot {
  std::string state = "starting";  // for the status line
  std::int64_t step = 0;
  std::int64_t steps = 0;  // total
  double steps_per_second = kNone;
  std::string problem;  // one line if something went wrong, else ""

  // Null while there is none; replaced by a new object whenever it changes.
  std::shared_ptr<const agent::SavedPolicy> policy;
  std::shared_ptr<const LearningCurve> learning_curve;
  std::shared_ptr<const TrainingCurves> curves;  // without residuals
  std::shared_ptr<const RecentTransitions> transitions;
};

class TrainingSource {
 public:
  TrainingSource(agent::TaskConfig config, agent::RunPaths paths)
      : config_(std::move(config)), paths_(std::move(paths)) {}
  virtual ~TrainingSource() = default;

  const agent::TaskConfig& config() const { return config_; }
  const agent::RunPaths& paths() const { return paths_; }

  // Never blocks: the drawing thread calls it for every picture.
  virtual const TrainingSnapshot& Poll() = 0;

  // Limits the training to `steps_per_second`; 0: no limit. Returns false if the training is not in
  // this process.
  virtual bool SetPace(double /*steps_per_second*/) { return false; }

 private:
  agent::TaskConfig config_;
  agent::RunPaths paths_;
};

}  // namespace nabla::viewer
