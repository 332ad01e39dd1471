// Environment: a simulated system with a reward. It knows nothing of learning.
//
//   s' = f(s, a)      state, double, SI units
//   r  = r(s, a, s')  reward
//   o  = o(s)         observation
//
// Between resets an environment is deterministic; only the initial state is random, drawn from the
// Rng that Reset is given. Time limits, masks, noise and delays are wrappers (wrappers.h).
//
// The usual way to write an environment is a model: f, r and o as templates over the scalar type
// (model_environment.h). A physics engine from outside implements Environment directly.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
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
  Vector action_low;      // [action_size], in the environment's units
  Vector action_high;     // [action_size]
  double time_step = 0;   // s, simulated time of one Step
  int step_limit = 0;     // steps until a TimeLimit wrapper truncates an episode
  double reward_low = 0;  // bounds of the reward of one step, may be infinite
  double reward_high = 0;
};

struct StepResult {
  double reward = 0;
  bool terminated = false;  // the state is terminal: its value is 0
  bool truncated = false;   // the episode was cut, by a time limit: the value of the state counts
};

// A physical constant that users can set and domain randomisation can draw.
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
  Vector dreward_dstate;       // [n]     dr/ds, including the path through s'
  Vector dreward_daction;      // [m]     dr/da, including the path through s'
  Matrix dobservation_dstate;  // [p, n]  do/ds
};

// The capability to give exact derivatives of a step. Not every environment has it: ask with
// Environment::differentiable() or RequireDerivatives().
class Differentiable {
 public:
  // The derivatives of one step from `state` [n] under `action` [m]. The environment's own state
  // does not change. `out` is resized where needed, so that a second call allocates nothing.
  virtual void Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                           StepDerivatives& out) const = 0;

 protected:
  ~Differentiable() = default;
};

class Environment {
 public:
  virtual ~Environment() = default;

  virtual const Spec& spec() const = 0;

  // Draws an initial state from `rng` and writes its observation [observation_size].
  virtual void Reset(Rng& rng, VectorRef observation) = 0;

  // Advances one time step under `action` [action_size], in the environment's units; the
  // environment decides what an action outside the bounds does (Gymnasium's tasks clip it). Writes
  // the observation after the step. Throws std::invalid_argument and leaves the state unchanged if
  // a size is wrong or a value is not finite.
  virtual StepResult Step(const ConstVectorRef& action, VectorRef observation) = 0;

  // Writes the observation of the present state.
  virtual void Observe(VectorRef observation) const = 0;

  // The full physical state [state_size]. SetState(State()) changes nothing, bit for bit.
  virtual Vector State() const = 0;
  virtual void SetState(const ConstVectorRef& state) = 0;

  // What the future depends on besides the state and that is not a physical quantity (step counts,
  // noise streams, drawn parameters), as 64-bit words. State and Memory together restore an
  // environment bit for bit, in whichever order they are set.
  virtual std::vector<std::uint64_t> Memory() const { return {}; }
  virtual void SetMemory(std::span<const std::uint64_t> words);

  // The exact derivatives of a step, or null for an environment without them.
  virtual const Differentiable* differentiable() const { return nullptr; }

  // The physical constants. SetParameters sets some of them by name and keeps the present state.
  // Throws std::invalid_argument and changes nothing if a name is unknown (UnknownNameError) or a
  // value is out of its range.
  virtual std::vector<Parameter> Parameters() const { return {}; }
  virtual void SetParameters(const ParameterValues& values);

  // Draws the present state, with `action` [action_size, or 0 for none] as an arrow.
  virtual void Draw(Canvas& canvas, const ConstVectorRef& action) const = 0;

  // Equations, initial state and reward as text.
  virtual std::string Description() const = 0;

  virtual std::unique_ptr<Environment> Clone() const = 0;
};

// The derivatives of `environment`. Throws std::invalid_argument that names the environment and
// `needed_by` ("nabla linearize") if it has none.
const Differentiable& RequireDerivatives(const Environment& environment,
                                         std::string_view needed_by);

}  // namespace nabla::envs
