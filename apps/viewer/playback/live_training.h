// LiveTraining: a training on a thread of this process as a source.
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <thread>

#include "apps/viewer/playback/training_feed.h"

namespace nabla::viewer {

class LiveTraining : public Source {
 public:
  struct Work {
    std::function<int()> train;  // trains to the end; returns the exit code
    std::function<void()> stop;  // asks it to end behind a checkpoint; from any thread
  };

  // `feed` observes the trainer that `work` runs; both must outlive this.
  LiveTraining(TrainingFeed& feed, const agent::TaskConfig& config, agent::RunPaths paths,
               Work work);
  // Stops the training if it is still going on.
  ~LiveTraining() override;

  const agent::TaskConfig& config() const override { return config_; }
  agent::RunPaths paths() const override { return paths_; }
  const Training& Poll() override;
  bool SetPace(double steps_per_second) override;

  // True when it has ended, however.
  bool done() const { return done_; }

  // Asks the training to end and waits until it has written its checkpoint. Returns its exit code,
  // throws what it threw.
  int Finish();

 private:
  TrainingFeed& feed_;
  agent::TaskConfig config_;
  agent::RunPaths paths_;
  Work work_;
  Training training_;
  std::atomic<bool> done_ = false;
  int exit_code_ = 0;
  std::exception_ptr error_;
  std::thread thread_;
};

}  // namespace nabla::viewer
