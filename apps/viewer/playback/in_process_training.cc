#include "apps/viewer/playback/in_process_training.h"

#include <utility>

#include "apps/viewer/playback/threads.h"

namespace nabla::viewer {

InProcessTraining::InProcessTraining(TrainingFeed& feed, const agent::TaskConfig& config,
                                     agent::RunPaths paths, Work work)
    : TrainingSource(config, std::move(paths)), feed_(feed), work_(std::move(work)) {
  training_.state = "training";
  thread_ = StartThread<std::thread>([this] {
    try {
      exit_code_ = work_.train();
      feed_.Finish();
    } catch (...) {
      error_ = std::current_exception();
    }
    done_ = true;
  });
}

InProcessTraining::~InProcessTraining() {
  if (!thread_.joinable()) return;
  work_.stop();
  thread_.join();
}

const TrainingSnapshot& InProcessTraining::Poll() {
  const bool done = done_;
  feed_.Update(training_);
  if (!done) return training_;
  training_.steps_per_second = kNone;
  training_.state = training_.step >= training_.steps ? "finished" : "stopped";
  if (!error_ || !training_.problem.empty()) return training_;
  training_.state = "failed";
  try {
    std::rethrow_exception(error_);
  } catch (const std::exception& error) {
    training_.problem = error.what();
  }
  return training_;
}

bool InProcessTraining::SetPace(double steps_per_second) {
  feed_.SetPace(steps_per_second);
  return true;
}

int InProcessTraining::Finish() {
  if (thread_.joinable()) {
    work_.stop();
    thread_.join();
  }
  if (error_) std::rethrow_exception(error_);
  return exit_code_;
}

}  // namespace nabla::viewer
