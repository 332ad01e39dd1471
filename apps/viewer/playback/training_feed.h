// TrainingFeed: the observer that tells a viewer of a training in the same process.
//
// It runs on the trainer's thread and must not disturb it: it draws no random number, changes
// nothing, never waits for a lock, and copies the networks only when the viewer has taken the copy
// before, at most kCopiesASecond times a second. So the bits are those of a run that nobody
// watches.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "agent/training/trainer.h"
#include "apps/viewer/playback/exchange.h"
#include "apps/viewer/playback/training.h"

namespace nabla::viewer {

inline constexpr double kCopiesASecond = 30;

class TrainingFeed : public agent::Observer {
 public:
  // `trainer` must outlive this.
  explicit TrainingFeed(agent::Trainer& trainer);

  // On the trainer's thread.
  void OnStep(std::int64_t step) override;
  void OnEpisode(const agent::EpisodeRecord& record) override;
  void OnEvaluation(const agent::EvaluationRecord& record) override;
  // The last policy and all curves, once the training has ended.
  void Finish();

  // On the viewer's thread: what is new since the last call goes into `training`.
  void Drain(Training& training);
  void SetPace(double steps_per_second) { pace_ = steps_per_second; }
  // Off: nothing is copied and remembered, to measure what that costs.
  void SetActive(bool active) { active_ = active; }
  std::int64_t step() const { return step_; }

 private:
  using Clock = std::chrono::steady_clock;

  struct Snapshot {
    PolicyCopy policy;
    Experience experience;
  };

  // What has happened, in the order in which it did.
  struct News {
    std::vector<LearningCurve::Evaluation> evaluations;
    std::vector<CurvePoint> episodes;
    std::vector<std::vector<double>> metrics;  // a row an evaluation
    bool empty() const { return evaluations.empty() && episodes.empty(); }
    void Append(News& newer);
  };

  void Remember();
  void Publish(std::int64_t step);
  void Wait();

  agent::Trainer& trainer_;
  std::vector<std::string> metric_names_;

  // The trainer's thread alone.
  Matrix observations_;  // of the first environment, before the step [o, 1]
  Experience experience_;
  News fresh_;
  Clock::time_point next_copy_ = Clock::now();
  Clock::time_point next_step_ = Clock::now();

  // Between the two.
  Exchange<Snapshot> snapshots_;
  std::atomic<std::int64_t> step_ = 0;
  std::atomic<double> pace_ = 0;
  std::atomic<bool> active_ = true;
  std::mutex mutex_;  // of news_; the trainer only ever tries it
  News news_;

  // The viewer's thread alone.
  LearningCurve learning_curve_;
  TrainingCurves curves_;
  std::int64_t rate_step_ = 0;
  Clock::time_point rate_time_ = Clock::now();
};

}  // namespace nabla::viewer
