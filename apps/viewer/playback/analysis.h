// PanelAnalysis: what the panels need beyond the drawn state; AnalysisThread: the same in the
// background, because it is too slow for the drawing thread. There are two such threads: one for
// what changes with every step (Q along the action, activations, layer norms), and one for what
// changes with the policy and takes longer (the value map, TD residuals, the histogram of actions).
//
// The drawing thread sends requests and takes the latest result; it never waits. A thread works at
// low priority and for a limited share of the time (kShare), so that a training on the same machine
// keeps its speed.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "apps/viewer/playback/policy_values.h"
#include "apps/viewer/playback/training_source.h"

namespace nabla::viewer {

// What is to be analysed. What depends on `transitions` is not computed if they are null.
struct AnalysisRequest {
  std::shared_ptr<const agent::SavedPolicy> policy;
  std::shared_ptr<const RecentTransitions> transitions;
  std::string transitions_source;  // for the user
  envs::Vector state;
  envs::Vector observation;
  MapRequest map;
  PanelSet panels;  // panels that are not shown are not computed
};

struct AnalysisResult {
  std::shared_ptr<const ActionSlice> action_slice;
  std::shared_ptr<const ValueMap> value_map;
  std::shared_ptr<const NetworkView> network;
  std::shared_ptr<const ActionHistogram> action_histogram;
  std::shared_ptr<const std::vector<TrainingCurves::Residual>> residuals;
  std::string problem;  // one line if the analysis failed
};

class PanelAnalysis {
 public:
  explicit PanelAnalysis(const agent::TaskConfig& config);

  // What changes with every step: slice and networks.
  void AnalyseState(const AnalysisRequest& request, AnalysisResult& result);
  // What changes with the policy, and is slow. Throws WorkStopped.
  void AnalysePolicy(const AnalysisRequest& request, const StopCheck& stop, AnalysisResult& result);

 private:
  std::unique_ptr<envs::Environment> environment_;
  PolicyReplica policy_;
  Rng noise_;
  std::vector<TrainingCurves::Residual> residuals_;
};

class AnalysisThread {
 public:
  enum class Subject { kState, kPolicy };
  AnalysisThread(const agent::TaskConfig& config, Subject subject);

  // Replaces a request that has not been started.
  void Request(const AnalysisRequest& request);
  AnalysisResult Latest();

 private:
  static constexpr double kShare = 0.15;

  void Run(const std::stop_token& stop);
  // Sleeps so that `seconds` of work are kShare of the time. Returns false if the thread must end.
  bool Rest(double seconds, const std::stop_token& stop);

  PanelAnalysis analysis_;
  Subject subject_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<AnalysisRequest> request_;
  AnalysisResult result_;
  std::jthread thread_;  // destroyed first
};

}  // namespace nabla::viewer
