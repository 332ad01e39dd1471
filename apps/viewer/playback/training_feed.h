// TrainingFeed: the observer that feeds a viewer in the process of the training.
//
// It runs on the trainer's thread and must not disturb it: it draws no random number, changes no
// state, never waits for a lock, and copies parameters only if the viewer has taken the previous
// copy, at most kCopiesPerSecond times per second, into memory that is reused. So a watched run has
// the bits of any other run.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "agent/training/trainer.h"
#include "apps/viewer/playback/training_source.h"
#include "apps/viewer/playback/triple_buffer.h"

namespace nabla::viewer {

inline constexpr double kCopiesPerSecond = 30;

class TrainingFeed : public agent::Observer {
 public:
  // `trainer` must outlive this.
  explicit TrainingFeed(agent::Trainer& trainer);

  // Called on the trainer's thread.
  void OnStep(std::int64_t step) override;
  void OnEpisode(const agent::EpisodeRecord& record) override;
  void OnEvaluation(const agent::EvaluationRecord& record) override;
  // Publishes the last policy and all curves when the training has ended.
  void Finish();

  // Called on the viewer's thread: updates `training` with what is new since the last call.
  void Update(TrainingSnapshot& training);
  void SetPace(double steps_per_second) { pace_ = steps_per_second; }
  // Inactive: nothing is copied or recorded, to measure the cost of doing so.
  void SetActive(bool active) { active_ = active; }
  std::int64_t step() const { return step_; }

 private:
  using Clock = std::chrono::steady_clock;

  struct Snapshot {
    agent::PolicyCopy policy;
    RecentTransitions transitions;
  };

  // Events that the viewer has not seen yet, oldest first.
  struct Records {
    std::vector<LearningCurve::Evaluation> evaluations;
    std::vector<CurvePoint> episodes;
    std::vector<std::vector<double>> metrics;  // one row per evaluation
    bool empty() const { return evaluations.empty() && episodes.empty(); }
    void Append(Records& newer);
  };

  void AddTransition();
  void Publish(std::int64_t step);
  void Wait();

  agent::Trainer& trainer_;
  std::vector<std::string> metric_names_;

  // Used by the trainer's thread only.
  Matrix observations_;  // of the first environment, before the step [o, 1]
  RecentTransitions transitions_;
  Records unsent_;
  Clock::time_point next_copy_ = Clock::now();
  Clock::time_point next_step_ = Clock::now();

  // Shared by both threads.
  TripleBuffer<Snapshot> snapshots_;
  std::atomic<std::int64_t> step_ = 0;
  std::atomic<double> pace_ = 0;
  std::atomic<bool> active_ = true;
  std::mutex mutex_;  // of sent_; the trainer only tries to lock it
  Records sent_;

  // Used by the viewer's thread only.
  LearningCurve learning_curve_;
  TrainingCurves curves_;
  std::int64_t rate_step_ = 0;
  Clock::time_point rate_time_ = Clock::now();
};

}  // namespace nabla::viewer
