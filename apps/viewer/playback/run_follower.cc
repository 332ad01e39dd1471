#include "apps/viewer/playback/run_follower.h"

#include <chrono>
#include <cmath>
#include <condition_variable>
#include <exception>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "agent/run/checkpoint.h"
#include "apps/viewer/playback/curves.h"
#include "apps/viewer/playback/threads.h"
#include "config/config.h"

namespace nabla::viewer {
namespace {

constexpr auto kFollowPeriod = std::chrono::milliseconds(500);

}  // namespace

RunFollower::RunFollower(const agent::RunPaths& run, const std::string& checkpoint)
    : TrainingSource(config::ReadFile<agent::TaskConfig>(run.config().string()), run),
      checkpoint_(checkpoint) {
  newest_.steps = config().trainer.steps;
  newest_.policy =
      std::make_shared<const agent::SavedPolicy>(agent::LoadPolicy(run, config(), checkpoint_));
  newest_.step = newest_.policy->step;
  Read(newest_);
  thread_ = StartThread<std::jthread>([this](const std::stop_token& stop) { Run(stop); });
}

const TrainingSnapshot& RunFollower::Poll() {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (lock) shown_ = newest_;
  return shown_;
}

void RunFollower::Run(const std::stop_token& stop) {
  TrainingSnapshot training = newest_;
  std::unique_lock lock(mutex_);
  std::condition_variable_any stopped;
  while (true) {
    stopped.wait_for(lock, stop, kFollowPeriod, [] { return false; });
    if (stop.stop_requested()) return;
    lock.unlock();
    Read(training);
    lock.lock();
    newest_ = training;
  }
}

void RunFollower::Read(TrainingSnapshot& training) {
  std::error_code error;
  if (!std::filesystem::is_directory(paths().root, error)) {
    training.state = "deleted";
    training.problem = "the run folder was deleted; showing what was read before";
    return;
  }
  training.problem.clear();
  try {
    const nlohmann::json meta = agent::ReadMeta(paths());
    training.state = meta.value("status", "unknown");
    if (training.state == "running") training.state = "training elsewhere";
    training.step = std::max(training.step, meta.value("last_step", std::int64_t{0}));
    ReadCurves(training);
    ReadPolicy(training);
  } catch (const std::exception& problem) {
    // A file may just be being replaced; the next read finds it complete. A lasting error is shown.
    training.problem = problem.what();
  }
}

bool RunFollower::HasChanged(const std::filesystem::path& file, Stamp& stamp) {
  const Stamp now = {std::filesystem::last_write_time(file), std::filesystem::file_size(file)};
  if (now == stamp) return false;
  stamp = now;
  return true;
}

void RunFollower::ReadCurves(TrainingSnapshot& training) {
  const bool progress_changed = HasChanged(paths().progress(), progress_);
  const bool monitor_changed = HasChanged(paths().monitor(), monitor_);
  if (!progress_changed && !monitor_changed) return;
  RunCurves curves = viewer::ReadCurves(paths());
  curves.learning_curve.total_steps = static_cast<double>(config().trainer.steps);
  if (!curves.learning_curve.evaluations.empty()) {
    const double step = curves.learning_curve.evaluations.back().step;
    if (std::abs(step) < 1e15) {
      training.step = std::max(training.step, static_cast<std::int64_t>(step));
    }
  }
  training.steps_per_second =
      training.state == "training elsewhere" ? curves.steps_per_second : kNone;
  training.learning_curve = std::make_shared<LearningCurve>(std::move(curves.learning_curve));
  training.curves = std::make_shared<TrainingCurves>(std::move(curves.training));
}

void RunFollower::ReadPolicy(TrainingSnapshot& training) {
  const agent::CheckpointStore store(paths().checkpoint(), agent::CheckpointStore::Access::kRead);
  for (const auto& item : store.List()) {
    if (item.name != checkpoint_ || item.folder == checkpoint_folder_) continue;
    training.policy = std::make_shared<const agent::SavedPolicy>(
        agent::LoadPolicy(paths(), config(), checkpoint_));
    training.step = std::max(training.step, training.policy->step);
    checkpoint_folder_ = item.folder;
  }
}

}  // namespace nabla::viewer
