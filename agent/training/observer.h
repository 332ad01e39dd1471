// Observer: the interface for everything that follows a training run (console, CSV files,
// checkpoints, viewer). The trainer knows nothing else about its observers.
#pragma once

#include <cstdint>
#include <vector>

#include "agent/learning/update_metrics.h"
#include "agent/training/evaluation.h"

namespace nabla::agent {

// A finished training episode.
struct EpisodeRecord {
  std::int64_t step = 0;  // environment steps taken when it ended
  double total_reward = 0;
  std::int64_t length = 0;
  double seconds = 0;  // of training, without interruptions
};

struct EvaluationRecord {
  std::int64_t step = 0;
  std::int64_t episodes = 0;  // training episodes finished so far
  std::int64_t updates = 0;
  double seconds = 0;
  bool scheduled = true;  // false for the additional evaluation at the end of a run
  EvaluationResult result;
  const std::vector<Metric>* metrics = nullptr;  // means since the previous evaluation
};

class Observer {
 public:
  virtual ~Observer() = default;
  virtual void OnStep(std::int64_t /*step*/) {}
  virtual void OnEpisode(const EpisodeRecord& /*record*/) {}
  virtual void OnEvaluation(const EvaluationRecord& /*record*/) {}
};

}  // namespace nabla::agent
