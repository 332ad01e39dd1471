// Training: what is known of a training now; and Source, where it comes from: the trainer on a
// thread of this process (live.h) or a run folder (run_follower.h).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "apps/viewer/playback/experience.h"
#include "apps/viewer/playback/policy.h"
#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer {

struct Training {
  std::string state = "starting";  // for the status line
  std::int64_t step = 0;
  std::int64_t steps = 0;  // in all
  double steps_per_second = kNone;
  std::string problem;  // one line if something went wrong, "" if not

  // Each is another object whenever it has changed, and null while there is none.
  std::shared_ptr<const PolicyCopy> policy;
  std::shared_ptr<const LearningCurve> learning_curve;
  std::shared_ptr<const TrainingCurves> curves;  // without residuals
  std::shared_ptr<const Experience> experience;
};

class Source {
 public:
  virtual ~Source() = default;

  // The task, and the run's folder.
  virtual const agent::TaskConfig& config() const = 0;
  virtual agent::RunPaths paths() const = 0;

  // Never waits: the drawing thread calls it for every picture.
  virtual const Training& Poll() = 0;

  // Steps of the training a second at most; 0: as fast as it can. False where the training is not
  // in this process.
  virtual bool SetPace(double /*steps_per_second*/) { return false; }
};

}  // namespace nabla::viewer
