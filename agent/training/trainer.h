// Trainer: the loop of interaction, learning and evaluation, with the random streams.
//
//   repeat:  u = uniform during the warm-up, then the policy's exploring action with noise
//            (r, s', end) = step;  store;  updates_per_step gradient updates
//            every evaluation.every steps: deterministic episodes in separate environments
//
// A step that a time limit truncates is stored like any other, so its target bootstraps. Only a
// terminal state ends the return.
//
// Streams of the master seed: initialization, environment.<copy>, exploration, replay, update
// (target noise and sampled actions), evaluation.<episode>.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "agent/replay/replay_buffer.h"
#include "agent/training/observer.h"
#include "agent/training/task.h"
#include "agent/training/vector_environment.h"

namespace nabla::agent {

// The training has diverged: a value is not finite, or the targets exceed the bound of the rewards.
class Divergence : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The untrained agent of a task, for an environment with this spec. `workers` must outlive the
// agent.
std::unique_ptr<Agent> MakeAgent(const TaskConfig& config, const envs::Spec& spec, Workers& workers,
                                 const OptimizerFactory& make_optimizer = MakeAdam);

inline const std::atomic<bool> kNever = false;  // a stop that is never requested

class Trainer {
 public:
  // `workers` must outlive the trainer.
  Trainer(const TaskConfig& config, Workers& workers);

  // Observers are called in this order and must outlive Run.
  void AddObserver(Observer& observer) { observers_.push_back(&observer); }

  enum class Outcome { kFinished, kInterrupted };

  // Trains until config.trainer.steps or until `stop` is set, which is polled after each step of an
  // environment, after each update and during evaluations. The state may be saved in each of these
  // places; after a restore, Run first completes what the stop has interrupted. Throws Divergence,
  // which names the step and the tensor.
  Outcome Run(const std::atomic<bool>& stop);

  // Evaluates now. False, without an evaluation, if `stop` was set before its end. `scheduled` is
  // true for the evaluations that evaluation.every defines.
  bool RunEvaluation(bool scheduled, const std::atomic<bool>& stop = kNever);

  // One step of each environment, then the updates for these steps.
  void Step();

  std::int64_t step() const { return step_; }
  std::int64_t updates() const { return updates_; }
  // Seconds: wall-clock time of the run so far, without interruptions. StepSeconds: time of the
  // steps of this session only, without evaluations and observers.
  double Seconds() const;
  double StepSeconds() const { return step_seconds_; }
  std::int64_t SessionSteps() const { return step_ - first_step_; }
  const TaskConfig& config() const { return config_; }
  const Agent& agent() const { return *agent_; }
  const envs::Environment& environment() const { return *evaluation_environment_; }
  bool EvaluatedNow() const { return evaluated_step_ == step_; }
  // The training environments after the last step, and the actions [a, envs] in [−1, 1] of that
  // step.
  const VectorEnvironment& environments() const { return environments_; }
  const Matrix& actions() const { return actions_; }

  // Throws Divergence if a weight or a moment of the optimiser is not finite.
  void RequireFinite();

  void SerializeNetworks(const StateArchive& archive) { agent_->SerializeNetworks(archive); }
  void Serialize(const StateArchive& archive);

 private:
  void ChooseActions();
  void Store(Index copy);
  void Interact();
  bool CompleteStep(const std::atomic<bool>& stop);
  bool EvaluationIsDue() const;
  void Learn();
  void CheckFinite();
  void CheckBound();
  double UntrainedSize();
  [[noreturn]] void ThrowDivergence(const std::string& what);

  TaskConfig config_;
  Workers& workers_;
  std::unique_ptr<envs::Environment> evaluation_environment_;
  VectorEnvironment environments_;
  Rng exploration_;
  Rng replay_;
  Rng update_;
  std::unique_ptr<Agent> agent_;
  ReplayBuffer buffer_;
  Batch batch_;
  std::optional<ExplorationNoise> noise_;  // only for a deterministic policy
  PolicyTape policy_tape_;
  Matrix actions_;                        // [a, envs], in [−1, 1]
  std::optional<nn::Network> untrained_;  // the first critic, made when it is needed
  std::vector<Observer*> observers_;

  std::int64_t step_ = 0;
  std::int64_t episodes_ = 0;
  std::int64_t updates_ = 0;
  double updates_owed_ = 0;
  std::int64_t evaluated_step_ = 0;
  std::int64_t first_step_ = 0;  // of this session
  double step_seconds_ = 0;
  double seconds_before_ = 0;  // of the previous sessions
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace nabla::agent
