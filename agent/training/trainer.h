// Trainer: the loop of interaction, learning and evaluation, and the random streams.
//
//   repeat:  a = random while warming up, else the policy with noise
//            (r, s', end) = step;  store;  updates_per_step gradient updates
//            every evaluation.every steps: deterministic episodes on other environments
//
// A step that ends an episode by a limit is stored as one that goes on: its value is bootstrapped;
// only a terminal state ends it.
//
// Streams of the master seed: initialization, environment.<lane>, exploration, replay, update
// (target noise), evaluation.<episode>.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

#include "agent/replay/replay_buffer.h"
#include "agent/training/lanes.h"
#include "agent/training/normalized_agent.h"
#include "agent/training/observer.h"
#include "agent/training/task.h"

namespace nabla::agent {

// The learning has left the real numbers.
class Divergence : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The agent of a task as it is before it learns, in an environment of `spec`: behind `normalizer`
// if the task normalises observations. `workers` and `normalizer` must outlive it.
std::unique_ptr<Agent> MakeAgent(const TaskConfig& config, const envs::Spec& spec, Workers& workers,
                                 ObservationNormalizer& normalizer);

class Trainer {
 public:
  // `workers` must outlive the trainer.
  Trainer(const TaskConfig& config, Workers& workers);

  // Observers are called in this order and must outlive Run.
  void AddObserver(Observer& observer) { observers_.push_back(&observer); }

  enum class Outcome { kFinished, kInterrupted };

  // Trains until config.trainer.steps or until `stop` is set; either way between two steps.
  // Throws Divergence with the step and the tensor named.
  Outcome Run(const std::atomic<bool>& stop);

  // An evaluation now; `scheduled` is false if the regular rhythm does not ask for it.
  void RunEvaluation(bool scheduled);

  // One pass over the environments and the updates that follow from it.
  void Step();

  std::int64_t step() const { return step_; }
  std::int64_t updates() const { return updates_; }
  // Wall-clock time of the run so far, interruptions left out; and of the steps of this session
  // alone, without evaluations and observers.
  double Seconds() const;
  double StepSeconds() const { return step_seconds_; }
  std::int64_t SessionSteps() const { return step_ - first_step_; }
  const TaskConfig& config() const { return config_; }
  const Agent& agent() const { return *agent_; }
  const envs::Environment& environment() const { return *evaluation_environment_; }
  bool EvaluatedNow() const { return evaluated_step_ == step_; }
  // The environments behind the last step, and the actions that led there, [a, lanes] in [−1, 1].
  const Lanes& lanes() const { return lanes_; }
  const Matrix& actions() const { return actions_; }

  // Throws Divergence if a weight or a moment of the optimiser is not a finite number.
  void RequireFinite() const;

  void Networks(const StateArchive& archive) { agent_->Networks(archive); }
  void State(const StateArchive& archive);

 private:
  void ChooseActions();
  void Store(Index lane);
  void Learn();
  void CheckFinite();
  void CheckBound();

  TaskConfig config_;
  std::unique_ptr<envs::Environment> evaluation_environment_;
  Lanes lanes_;
  Rng exploration_;
  Rng replay_;
  Rng update_;
  ObservationNormalizer normalizer_;  // observes nothing unless config_ asks for it
  std::unique_ptr<Agent> agent_;
  ReplayBuffer buffer_;
  Batch batch_;
  std::optional<ExplorationNoise> noise_;  // of a deterministic policy
  ActTape act_tape_;
  Matrix actions_;  // [a, lanes], in [−1, 1]
  std::vector<Observer*> observers_;

  std::int64_t step_ = 0;
  std::int64_t episodes_ = 0;
  std::int64_t updates_ = 0;
  double updates_owed_ = 0;
  std::int64_t evaluated_step_ = 0;
  std::int64_t first_step_ = 0;  // of this session
  double step_seconds_ = 0;
  double seconds_before_ = 0;  // of the sessions before this one
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace nabla::agent
