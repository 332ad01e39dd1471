// The wrappers that a configuration can ask for. environment_config.h puts them on in this order,
// the first innermost:
//
//   ParameterRandomizer  physical parameters drawn anew at each reset
//   TimeLimit            the episode is truncated after some steps of the environment
//   ActionRepeat         one action for several steps
//   ActionScale          actions in [−1, 1]
//   ActionDelay          an action acts some steps later
//   RewardScale          r · scale
//   ObservationMask      some observations are hidden
//   ObservationNoise     o + σ N(0, 1)
//   FrameHistory         the last observations together
//
// Each gives the exact derivatives of what it does, in its own state. A time limit has none.
#pragma once

#include <string>
#include <vector>

#include "envs/wrappers/wrapper.h"

namespace nabla::envs {

// How a parameter is drawn.
struct ParameterRange {
  enum class Kind { kUniform, kNormal };
  std::string name;
  Kind kind = Kind::kUniform;
  double a = 0;  // uniform: low; normal: mean
  double b = 0;  // uniform: high; normal: standard deviation
};

// At each reset every parameter of `ranges` is drawn from the reset's stream. A normal value
// outside the parameter's physical range is drawn again. The spec stays that of the nominal
// parameters.
class ParameterRandomizer : public CloneableWrapper<ParameterRandomizer> {
 public:
  // Throws std::invalid_argument for an unknown or non-scalar parameter, or a range outside its
  // own.
  ParameterRandomizer(std::unique_ptr<Environment> inner, std::vector<ParameterRange> ranges);

  void Reset(Rng& rng, VectorRef observation) override;

 protected:
  std::vector<std::uint64_t> OwnMemory() const override;  // the drawn values
  void SetOwnMemory(std::span<const std::uint64_t> words) override;

 private:
  std::vector<ParameterRange> ranges_;
  std::vector<Parameter> nominal_;  // of each range: its bounds, and its value as drawn last
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

// Rewards of the repeated steps are added; an end stops the repetition.
class ActionRepeat : public CloneableWrapper<ActionRepeat> {
 public:
  ActionRepeat(std::unique_ptr<Environment> inner, int times);  // at least 1

  StepResult Step(const ConstVectorRef& action, VectorRef observation) override;
  void Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                   StepDerivatives& out) const override;

 private:
  int times_;
};

// inner action = low + (a + 1)/2 (high − low). Outside ±1 it goes on linearly.
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

// The action of `steps` steps ago acts; until one arrives, the middle of the bounds. The waiting
// actions are part of the state, the oldest first.
class ActionDelay : public CloneableWrapper<ActionDelay> {
 public:
  ActionDelay(std::unique_ptr<Environment> inner, int steps);  // at least 1

  void Reset(Rng& rng, VectorRef observation) override;
  StepResult Step(const ConstVectorRef& action, VectorRef observation) override;
  void Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                   StepDerivatives& out) const override;
  // The arrow shows what acts next, not what is asked for.
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
  // Throws std::invalid_argument if `mask` is not one 0 or 1 an observation, or hides all.
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

// Adds σᵢ N(0, 1) to observation i, from a stream of its own that each reset seeds anew. The noise
// of the present observation is part of the memory, so that Observe repeats it.
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
  Vector noise_;       // [p] in the present observation
  Rng rng_{0};
};

// The observation of now and of the steps before, `frames` in all, newest first; at a reset the
// first one stands in for those before it. The older ones are part of the state.
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
