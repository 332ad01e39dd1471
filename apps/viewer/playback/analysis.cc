#include "apps/viewer/playback/analysis.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <utility>

#include "apps/viewer/playback/curves.h"
#include "apps/viewer/playback/threads.h"

namespace nabla::viewer {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kLeastRest[] = {0.02, 0.2};  // s, for each subject

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

PanelAnalysis::PanelAnalysis(const agent::TaskConfig& config)
    : environment_(envs::Make(config.environment)), policy_(config), noise_(0, "viewer.analysis") {}

void PanelAnalysis::AnalyseState(const AnalysisRequest& request, AnalysisResult& result) {
  policy_.Load(request.policy);
  if (Shows(request.panels, Panel::kActionSlice)) {
    result.action_slice = std::make_shared<ActionSlice>(SliceAction(
        policy_, request.observation, ExplorationDeviation(policy_, request.observation, noise_)));
  }
  if (Shows(request.panels, Panel::kNetwork)) {
    result.network = std::make_shared<NetworkView>(ViewNetworks(policy_, request.observation));
  }
}

void PanelAnalysis::AnalysePolicy(const AnalysisRequest& request, const StopCheck& stop,
                                  AnalysisResult& result) {
  policy_.Load(request.policy);
  if (Shows(request.panels, Panel::kValueMap)) {
    result.value_map = std::make_shared<ValueMap>(
        ComputeValueMap(policy_, *environment_, request.state, request.map, stop));
  }
  if (!request.transitions || request.transitions->count == 0) return;
  if (Shows(request.panels, Panel::kActionHistogram)) {
    result.action_histogram = std::make_shared<ActionHistogram>(CountActions(
        *request.transitions, environment_->spec().action_size, request.transitions_source));
  }
  if (!Shows(request.panels, Panel::kTraining)) return;
  if (!residuals_.empty() && residuals_.back().step >= static_cast<double>(policy_.step())) return;
  const auto quantiles = ResidualQuantiles(policy_, *request.transitions, policy_.gamma());
  if (!std::isfinite(quantiles.median)) return;  // a critic that has diverged
  residuals_.push_back(quantiles);
  Thin(residuals_);
  result.residuals = std::make_shared<std::vector<TrainingCurves::Residual>>(residuals_);
}

AnalysisThread::AnalysisThread(const agent::TaskConfig& config, Subject subject)
    : analysis_(config),
      subject_(subject),
      thread_(StartThread<std::jthread>([this](const std::stop_token& stop) { Run(stop); })) {}

void AnalysisThread::Request(const AnalysisRequest& request) {
  {
    const std::lock_guard lock(mutex_);
    request_ = request;
  }
  changed_.notify_one();
}

AnalysisResult AnalysisThread::Latest() {
  const std::lock_guard lock(mutex_);
  return result_;
}

bool AnalysisThread::Rest(double seconds, const std::stop_token& stop) {
  const double least = kLeastRest[static_cast<std::size_t>(subject_)];
  const std::chrono::duration<double> rest(std::clamp(seconds * (1 / kShare - 1), least, 5.0));
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, rest, [] { return false; });
  return !stop.stop_requested();
}

void AnalysisThread::Run(const std::stop_token& stop) {
  LowerPriority(kAnalysisNice);
  AnalysisResult result;
  while (true) {
    AnalysisRequest request;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, stop, [this] { return request_.has_value(); });
      if (stop.stop_requested()) return;
      request = std::move(*request_);
      request_.reset();
    }
    const Clock::time_point start = Clock::now();
    try {
      if (subject_ == Subject::kState) {
        analysis_.AnalyseState(request, result);
      } else {
        analysis_.AnalysePolicy(
            request, [&stop] { return stop.stop_requested(); }, result);
      }
      result.problem.clear();
    } catch (const std::exception& error) {  // such as networks that have diverged
      result.problem = error.what();
    }
    {
      const std::lock_guard lock(mutex_);
      result_ = result;
    }
    if (!Rest(SecondsSince(start), stop)) return;
  }
}

}  // namespace nabla::viewer
