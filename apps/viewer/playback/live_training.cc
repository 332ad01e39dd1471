#include "apps/viewer/playback/live_training.h"

#include <utility>

namespace nabla::viewer {

LiveTraining::LiveTraining(TrainingFeed& feed, const agent::TaskConfig& config,
                           agent::RunPaths paths, Work work)
    : feed_(feed), config_(config), paths_(std::move(paths)), work_(std::move(work)) {
  training_.state = "training";
  thread_ = std::thread([this] {
    try {
      exit_code_ = work_.train();
      feed_.Finish();
    } catch (...) {
      error_ = std::current_exception();
    }
    done_ = true;
  });
}

LiveTraining::~LiveTraining() {
  if (!thread_.joinable()) return;
  work_.stop();
  thread_.join();
}

const Training& LiveTraining::Poll() {
  const bool done = done_;
  feed_.Drain(training_);
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

bool LiveTraining::SetPace(double steps_per_second) {
  feed_.SetPace(steps_per_second);
  return true;
}

int LiveTraining::Finish() {
  if (thread_.joinable()) {
    work_.stop();
    thread_.join();
  }
  if (error_) std::rethrow_exception(error_);
  return exit_code_;
}

}  // namespace nabla::viewer
