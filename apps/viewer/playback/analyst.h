// Analyst: a thread that computes what is too slow for the drawing thread. There are two: one for
// what changes with every step (Q along the action, activations, layer norms), and one for what
// changes with the policy and takes longer (the value map, TD residuals, the histogram of actions).
//
// The drawing thread asks and takes what is ready; it never waits. An analyst works for a share of
// the time only (kShare), so that a training on the same machine keeps its speed, and at a low
// priority where the system has one.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "apps/viewer/playback/training.h"
#include "apps/viewer/playback/value_map.h"

namespace nabla::viewer {

// What is to be looked at. The pointers may be null; what hangs on them is left out then.
struct Question {
  std::shared_ptr<const PolicyCopy> policy;
  std::shared_ptr<const Experience> experience;
  std::string experience_source;
  envs::Vector state;
  envs::Vector observation;
  MapRequest map;
  PanelSet panels;  // what is hidden is not computed
};

struct Answers {
  std::shared_ptr<const ActionSlice> action_slice;
  std::shared_ptr<const ValueMap> value_map;
  std::shared_ptr<const NetworkView> network;
  std::shared_ptr<const ActionHistogram> action_histogram;
  std::shared_ptr<const std::vector<TrainingCurves::Residual>> residuals;
  std::string problem;  // one line if a network cannot be looked at
};

// The work itself, in the thread that calls it.
class Analysis {
 public:
  explicit Analysis(const agent::TaskConfig& config);

  // What changes with every step: slice and networks.
  void LookAtState(const Question& question, Answers& answers);
  // What changes with the policy, and is slow.
  void LookAtPolicy(const Question& question, Answers& answers);

 private:
  bool Load(const Question& question);

  std::unique_ptr<envs::Environment> environment_;
  Policy policy_;
  std::shared_ptr<const PolicyCopy> loaded_;
  Rng noise_;
  std::vector<TrainingCurves::Residual> residuals_;
};

class Analyst {
 public:
  enum class Subject { kState, kPolicy };
  Analyst(const agent::TaskConfig& config, Subject subject);
  ~Analyst();
  Analyst(const Analyst&) = delete;
  Analyst& operator=(const Analyst&) = delete;

  // Replaces a question that has not been begun.
  void Ask(const Question& question);
  // The newest answers.
  Answers Take();

 private:
  static constexpr double kShare = 0.15;

  void Run();
  // Sleeps so that `seconds` of work were kShare of the time. False if it is time to end.
  bool Rest(double seconds);

  Analysis analysis_;
  Subject subject_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Question> question_;
  Answers answers_;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace nabla::viewer
