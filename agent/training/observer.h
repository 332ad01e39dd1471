// Observer: whatever watches a training run (console, CSV files, checkpoints, viewer). The trainer
// calls it and knows nothing else about it.
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
  double seconds = 0;  // of training, interruptions left out
};

struct EvaluationRecord {
  std::int64_t step = 0;
  std::int64_t episodes = 0;  // training episodes finished so far
  std::int64_t updates = 0;
  double seconds = 0;
  bool scheduled = true;  // false for the extra one at the end of a run
  EvaluationResult result;
  const std::vector<Metric>* metrics = nullptr;  // means since the evaluation before
};

class Observer {
 public:
  virtual ~Observer() = default;
  virtual void OnStep(std::int64_t /*step*/) {}
  virtual void OnEpisode(const EpisodeRecord& /*record*/) {}
  virtual void OnEvaluation(const EvaluationRecord& /*record*/) {}
};

}  // namespace nabla::agent
