#include "apps/viewer/playback/training_feed.h"

#include <algorithm>
#include <iterator>
#include <thread>
#include <utility>

#include "apps/viewer/playback/curves.h"

namespace nabla::viewer {
namespace {

constexpr auto kCopyPeriod = std::chrono::duration<double>(1 / kCopiesPerSecond);
constexpr auto kRatePeriod = std::chrono::duration<double>(0.5);
constexpr double kLongestWait = 0.2;  // s, so that a request to stop takes effect soon

template <class T>
void MoveTo(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  from.clear();
}

template <class Duration>
std::chrono::steady_clock::duration Ticks(Duration duration) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(duration);
}

}  // namespace

void TrainingFeed::Records::Append(Records& newer) {
  MoveTo(evaluations, newer.evaluations);
  MoveTo(episodes, newer.episodes);
  MoveTo(metrics, newer.metrics);
}

TrainingFeed::TrainingFeed(agent::Trainer& trainer)
    : trainer_(trainer),
      observations_(trainer.environments().observations().leftCols(1)),
      transitions_(trainer.environment().spec().observation_size,
                   trainer.environment().spec().action_size),
      snapshots_({agent::PolicyCopy(trainer.agent()), transitions_}),
      rate_step_(trainer.step()) {
  learning_curve_.total_steps = static_cast<double>(trainer.config().trainer.steps);
  for (const agent::Metric& metric : trainer.agent().metrics().list()) {
    metric_names_.push_back(metric.name);
  }
  Publish(trainer.step());
}

void TrainingFeed::OnStep(std::int64_t step) {
  step_.store(step, std::memory_order_relaxed);
  if (!active_.load(std::memory_order_relaxed)) return;
  AddTransition();
  const Clock::time_point now = Clock::now();
  if (now >= next_copy_) {
    next_copy_ = now + Ticks(kCopyPeriod);
    if (!snapshots_.pending()) Publish(step);
    if (!unsent_.empty()) {
      const std::unique_lock lock(mutex_, std::try_to_lock);
      if (lock) sent_.Append(unsent_);
    }
  }
  if (pace_.load(std::memory_order_relaxed) > 0) Wait();
}

void TrainingFeed::AddTransition() {
  const agent::VectorEnvironment& environments = trainer_.environments();
  transitions_.Add(observations_.col(0), trainer_.actions().col(0), environments.reward(0),
                   environments.NextObservation(0), environments.terminated(0));
  observations_ = environments.observations().leftCols(1);
}

void TrainingFeed::Publish(std::int64_t step) {
  Snapshot& back = snapshots_.back();
  back.policy.Renew(trainer_.agent(), step);
  back.transitions = transitions_;
  snapshots_.Publish();
}

void TrainingFeed::Wait() {
  const double pace = pace_.load(std::memory_order_relaxed);
  const auto period = std::chrono::duration<double>(std::min(1 / pace, kLongestWait));
  next_step_ = std::max(next_step_ + Ticks(period), Clock::now() - Ticks(period));
  std::this_thread::sleep_until(next_step_);
}

void TrainingFeed::OnEpisode(const agent::EpisodeRecord& record) {
  unsent_.episodes.push_back({static_cast<double>(record.step), record.total_reward});
}

void TrainingFeed::OnEvaluation(const agent::EvaluationRecord& record) {
  const std::vector<double>& returns = record.result.returns;
  unsent_.evaluations.push_back({.step = static_cast<double>(record.step),
                                 .mean = agent::Mean(returns),
                                 .std = agent::StandardDeviation(returns),
                                 .low = agent::Minimum(returns),
                                 .high = agent::Maximum(returns)});
  std::vector<double>& row = unsent_.metrics.emplace_back();
  for (const agent::Metric& metric : *record.metrics) {
    row.push_back(metric.count == 0 ? kNone : metric.Mean());
  }
}

void TrainingFeed::Finish() {
  step_.store(trainer_.step(), std::memory_order_relaxed);
  Publish(trainer_.step());
  const std::lock_guard lock(mutex_);
  sent_.Append(unsent_);
}

void TrainingFeed::Update(TrainingSnapshot& training) {
  training.step = step_.load(std::memory_order_relaxed);
  training.steps = trainer_.config().trainer.steps;
  const Clock::time_point now = Clock::now();
  if (now - rate_time_ >= kRatePeriod) {
    training.steps_per_second = static_cast<double>(training.step - rate_step_) /
                                std::chrono::duration<double>(now - rate_time_).count();
    rate_step_ = training.step;
    rate_time_ = now;
  }
  if (const Snapshot* snapshot = snapshots_.Take()) {
    training.policy = std::make_shared<const agent::SavedPolicy>(snapshot->policy.Saved());
    training.transitions = std::make_shared<const RecentTransitions>(snapshot->transitions);
  }
  Records news;
  {
    const std::lock_guard lock(mutex_);
    news.Append(sent_);
  }
  if (news.empty()) return;
  for (std::size_t i = 0; i < news.evaluations.size(); ++i) {
    AddMetrics(metric_names_, news.metrics[i], news.evaluations[i].step, curves_);
  }
  if (!news.evaluations.empty()) training.curves = std::make_shared<TrainingCurves>(curves_);
  MoveTo(learning_curve_.evaluations, news.evaluations);
  MoveTo(learning_curve_.episodes, news.episodes);
  Thin(learning_curve_.episodes);
  training.learning_curve = std::make_shared<LearningCurve>(learning_curve_);
}

}  // namespace nabla::viewer
