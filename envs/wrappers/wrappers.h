// The wrappers that a configuration can ask for. environment_config.h applies them in this order,
// the first innermost:
//
//   ParameterRandomizer  draws physical parameters at each reset
//   TimeLimit            truncates the episode after some steps of the environment
//   ActionRepeat         repeats each action for several steps
//   ActionScale          takes actions in [−1, 1]
//   ActionDelay          applies each action some steps later
//   RewardScale          multiplies the reward
//   ObservationMask      hides some observations
//   ObservationNoise     adds normal noise to the observations
//   FrameHistory         returns the latest observations together
//
// Where the inner environment has derivatives, each wrapper gives the exact derivatives of the
// whole, in its own state. The derivatives ignore a time limit.
#pragma once

#include <string>
#include <vector>

#include "envs/core/wrapper.h"

namespace nabla::envs {

// How a parameter is drawn.
struct ParameterRange {
  enum class Kind { kUniform, kNormal };
  std::string name;
  Kind kind = Kind::kUniform;
  double a = 0;  // uniform: low; normal: mean
  double b = 0;  // uniform: high; normal: standard deviation
};

// Draws every parameter of `ranges` at each reset, from the stream of the reset. Draws a normal
// value again if it is outside the parameter's physical range. The spec stays that of the
// parameters at construction.
class ParameterRandomizer : public CloneableWrapper<ParameterRandomizer> {
 public:
  // Throws UnknownNameError for an unknown parameter, std::invalid_argument for a matrix or a range
  // outside the parameter's physical range.
  ParameterRandomizer(std::unique_ptr<Environment> inner, std::vector<ParameterRange> ranges);

  void Reset(Rng& rng, VectorRef observation) override;

 protected:
  std::vector<std::uint64_t> OwnMemory() const override;  // the drawn values
  void SetOwnMemory(std::span<const std::uint64_t> words) override;

 private:
  std::vector<ParameterRange> ranges_;
  std::vector<Parameter> drawn_;  // the parameter of each range, with its latest value
};

class TimeLimit : public CloneableWrapper<TimeLimit> {
 public:
  TimeLimit(std::unique_ptr<Environment> inner, int step_limit);  // at least 1

  void Reset(Rng& rng, VectorRef observation) override;
  StepResult Step(const ConstVectorRef& action, VectorRef observation) override;

 protected:
  std::vector<std::uint64_t> OwnMemory() const override { return {steps_}; }
  void SetOwnMemory(std::span<const std::uint64_t> words) override { steps_ = words[0]; }

 private:
  std::uint64_t steps_ = 0;  // since the reset
};

// Repeats each action and adds up the rewards. The end of the episode stops the repetition.
class ActionRepeat : public CloneableWrapper<ActionRepeat> {
 public:
  ActionRepeat(std::unique_ptr<Environment> inner, int times);  // at least 1

  StepResult Step(const ConstVectorRef& action, VectorRef observation) override;
  void Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                   StepDerivatives& out) const override;

 private:
  int times_;
};

// inner action = low + (a + 1)/2 (high − low), also outside of ±1.
class ActionScale : public CloneableWrapper<ActionScale> {
 public:
  explicit ActionScale(std::unique_ptr<Environment> inner);

  StepResult Step(const ConstVectorRef& action, VectorRef observation) override;
  void Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                   StepDerivatives& out) const override;
  void Draw(Canvas& canvas, const ConstVectorRef& action) const override;

 private:
  Vector Scaled(const ConstVectorRef& action) const;

  Vector middle_, half_;  // [m]
};

// Applies the action of `steps` steps ago, at first the middle of the bounds. The waiting actions
// are part of the state, oldest first.
class ActionDelay : public CloneableWrapper<ActionDelay> {
 public:
  ActionDelay(std::unique_ptr<Environment> inner, int steps);  // at least 1

  void Reset(Rng& rng, VectorRef observation) override;
  StepResult Step(const ConstVectorRef& action, VectorRef observation) override;
  void Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                   StepDerivatives& out) const override;
  // The arrow shows the action that is applied next.
  void Draw(Canvas& canvas, const ConstVectorRef& action) const override;

 protected:
  Vector OwnState() const override { return waiting_; }
  void SetOwnState(const ConstVectorRef& state) override { waiting_ = state; }

 private:
  Vector middle_;   // [m]
  Vector waiting_;  // [steps · m]
};

class RewardScale : public CloneableWrapper<RewardScale> {
 public:
  RewardScale(std::unique_ptr<Environment> inner, double scale);  // above 0

  StepResult Step(const ConstVectorRef& action, VectorRef observation) override;
  void Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                   StepDerivatives& out) const override;

 private:
  double scale_;
};

// Keeps the observations whose number in `mask` is 1.
class ObservationMask : public CloneableWrapper<ObservationMask> {
 public:
  // `mask`: 0 or 1 for each observation. Throws std::invalid_argument otherwise, or if all are 0.
  ObservationMask(std::unique_ptr<Environment> inner, const std::vector<int>& mask);

  void Reset(Rng& rng, VectorRef observation) override;
  StepResult Step(const ConstVectorRef& action, VectorRef observation) override;
  void Observe(VectorRef observation) const override;
  void Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                   StepDerivatives& out) const override;

 private:
  void Keep(VectorRef observation) const;

  std::vector<int> kept_;  // indices of the inner observation
  mutable Vector whole_;   // [inner observation_size] scratch
};

// Adds σᵢ N(0, 1) to observation i, from its own stream that each reset seeds. The noise of the
// present observation is part of the memory, so that Observe repeats it.
class ObservationNoise : public CloneableWrapper<ObservationNoise> {
 public:
  // `deviations`: σ of each observation, or one for all. Throws std::invalid_argument otherwise.
  ObservationNoise(std::unique_ptr<Environment> inner, const std::vector<double>& deviations);

  void Reset(Rng& rng, VectorRef observation) override;
  StepResult Step(const ConstVectorRef& action, VectorRef observation) override;
  void Observe(VectorRef observation) const override;
  void Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                   StepDerivatives& out) const override;

 protected:
  std::vector<std::uint64_t> OwnMemory() const override;
  void SetOwnMemory(std::span<const std::uint64_t> words) override;

 private:
  void DrawNoise();

  Vector deviations_;  // [p]
  Vector noise_;       // [p] of the present observation
  Rng rng_{0};
};

// Returns the latest `frames` observations, newest first. A reset fills all of them with the first
// observation. The older ones are part of the state.
class FrameHistory : public CloneableWrapper<FrameHistory> {
 public:
  FrameHistory(std::unique_ptr<Environment> inner, int frames);  // at least 2

  void Reset(Rng& rng, VectorRef observation) override;
  StepResult Step(const ConstVectorRef& action, VectorRef observation) override;
  void Observe(VectorRef observation) const override;
  void Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                   StepDerivatives& out) const override;

 protected:
  Vector OwnState() const override { return older_; }
  void SetOwnState(const ConstVectorRef& state) override { older_ = state; }

 private:
  Eigen::Index size() const { return inner_->spec().observation_size; }

  Vector older_;        // [(frames − 1) · p] newest first
  Vector before_;       // [p] scratch
  mutable Vector now_;  // [p] scratch
};

}  // namespace nabla::envs
