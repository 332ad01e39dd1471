// InProcessTraining: the source that trains on a thread of this process.
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <thread>

#include "apps/viewer/playback/training_feed.h"

namespace nabla::viewer {

class InProcessTraining : public TrainingSource {
 public:
  struct Work {
    std::function<int()> train;  // trains to the end; returns the exit code
    std::function<void()> stop;  // asks it to write a checkpoint and return; from any thread
  };

  // `feed` observes the trainer that `work` runs, and must outlive this object.
  InProcessTraining(TrainingFeed& feed, const agent::TaskConfig& config, agent::RunPaths paths,
                    Work work);
  // Stops the training if it is still running.
  ~InProcessTraining() override;

  const TrainingSnapshot& Poll() override;
  bool SetPace(double steps_per_second) override;

  // True once the training has ended, failed or not.
  bool done() const { return done_; }

  // Stops the training and waits for its last checkpoint. Returns the exit code or throws what the
  // training threw.
  int Finish();

 private:
  TrainingFeed& feed_;
  Work work_;
  TrainingSnapshot training_;
  std::atomic<bool> done_ = false;
  int exit_code_ = 0;
  std::exception_ptr error_;
  std::thread thread_;
};

}  // namespace nabla::viewer
