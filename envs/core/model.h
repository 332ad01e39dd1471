// What models have in common: the type of their parameter table, and defaults.
// model_environment.h defines what a model is and turns it into an Environment.
#pragma once

#include <array>
#include <vector>

#include "envs/core/environment.h"
#include "envs/core/scalar.h"
#include "envs/drawing/canvas.h"

namespace nabla::envs {

// A named constant of a model and its physical range.
template <class Model>
struct ModelParameter {
  const char* name;
  const char* unit;
  double Model::*field;
  double low;
  double high;
};

// The spec of a task whose actions are in ±1 and whose rewards are in [0, 1].
inline Spec UnitSpec(const char* name, int action_size, double time_step, int step_limit) {
  return {.name = name,
          .action_low = Vector::Constant(action_size, -1),
          .action_high = Vector::Constant(action_size, 1),
          .time_step = time_step,
          .step_limit = step_limit,
          .reward_low = 0,
          .reward_high = 1};
}

// A model redeclares a member to override it.
struct ModelDefaults {
  // Whether each step ends by rounding the state to float (Gymnasium's MountainCar). The
  // derivatives ignore the rounding.
  static constexpr bool kFloatState = false;
  // Whether a step from one terminal state to another gives reward 0 (Gymnasium's CartPole). The
  // memory then records whether the episode has already ended.
  static constexpr bool kNoRewardAfterEnd = false;

  template <class T, std::size_t n>
  static MaskOf<T> Terminated(const std::array<T, n>&) {
    return MaskOf<T>{};
  }
};

}  // namespace nabla::envs
