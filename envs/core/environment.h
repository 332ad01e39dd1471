// Environment: plain physics with a reward, no learning.
//
//   s' = f(s, a)      state, double, SI units
//   r  = r(s, a, s')
//   o  = o(s)         observation
//
// An environment is deterministic between resets; the only randomness is the initial state, drawn
// from the Rng that Reset is given. Time limits, masks, noise and delays are wrappers
// (wrappers.h), not part of an environment.
//
// The way to write one is a model: f, r and o as templates over the scalar (model_environment.h).
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "envs/core/random.h"

namespace nabla::envs {

class Canvas;

using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;
using VectorRef = Eigen::Ref<Vector>;
using ConstVectorRef = Eigen::Ref<const Vector>;

struct Spec {
  std::string name;
  int state_size = 0;
  int observation_size = 0;
  int action_size = 0;
  Vector action_low;      // [action_size], in the units of the environment's own action
  Vector action_high;     // [action_size]
  double time_step = 0;   // s of simulated time a Step
  int step_limit = 0;     // steps an episode before it is truncated (by a wrapper)
  double reward_low = 0;  // bounds of one step's reward, may be infinite
  double reward_high = 0;
};

struct StepResult {
  double reward = 0;
  bool terminated = false;  // the state is terminal: no value follows it
  bool truncated = false;   // the episode was cut (a time limit): its value goes on
};

// A physical constant that a user may set and domain randomisation may draw.
struct Parameter {
  std::string name;
  std::string unit;
  std::vector<double> value;  // one number, or a matrix row by row
  double low = 0;             // the physical range of each number, bounds included
  double high = 0;
};

using ParameterValues = std::map<std::string, std::vector<double>>;

// One step with its exact first derivatives, n = state_size, m = action_size,
// p = observation_size; s and a are before the step, s' after it, o = o(s).
struct StepDerivatives {
  Vector next_state;           // [n]     s'
  double reward = 0;           //         r
  bool terminated = false;     //         s' is terminal
  Vector observation;          // [p]     o
  Matrix dnext_dstate;         // [n, n]  ∂s'/∂s
  Matrix dnext_daction;        // [n, m]  ∂s'/∂a
  Vector dreward_dstate;       // [n]     dr/ds, through s' too
  Vector dreward_daction;      // [m]     dr/da, through s' too
  Matrix dobservation_dstate;  // [p, n]  do/ds
};

class Environment {
 public:
  virtual ~Environment() = default;

  virtual const Spec& spec() const = 0;

  // Draws an initial state from `rng` and writes its observation [observation_size].
  virtual void Reset(Rng& rng, VectorRef observation) = 0;

  // Advances one time step. `action` [action_size] is in the environment's own units; what happens
  // outside the bounds is the environment's business (Gymnasium's tasks clip). Throws
  // std::invalid_argument, state unchanged, for a wrong size or a value that is not finite.
  virtual StepResult Step(const ConstVectorRef& action, VectorRef observation) = 0;

  // The observation of the present state.
  virtual void Observe(VectorRef observation) const = 0;

  // The full physical state [state_size]: SetState(State()) is the identity, bit for bit.
  virtual Vector State() const = 0;
  virtual void SetState(const ConstVectorRef& state) = 0;

  // What the future depends on beyond the state and is no physical quantity (step counts, noise
  // streams, drawn parameters), as 64-bit words: State and Memory together restore bit for bit.
  virtual std::vector<std::uint64_t> Memory() const { return {}; }
  virtual void SetMemory(std::span<const std::uint64_t> words);

  // Exact derivatives of one step from `state` [n] under `action` [m]. The environment's own state
  // does not change; `out` is resized where needed, so that a second call allocates nothing.
  virtual void Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                           StepDerivatives& out) const = 0;

  // Physical constants, and setting some of them by name. Throws std::invalid_argument, nothing
  // changed, for an unknown name or a value out of its range.
  virtual std::vector<Parameter> Parameters() const { return {}; }
  virtual void SetParameters(const ParameterValues& values);

  // The present state, with `action` [action_size, or 0 for none] as an arrow.
  virtual void Draw(Canvas& canvas, const ConstVectorRef& action) const = 0;

  // Equations, start and reward as text.
  virtual std::string Description() const = 0;

  virtual std::unique_ptr<Environment> Clone() const = 0;
};

}  // namespace nabla::envs
