// What the models have in common: the table of their parameters and the usual choices.
// model_environment.h says what a model is and makes an Environment from it.
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

// A model overrides by declaring its own.
struct ModelDefaults {
  // The state is rounded to float at the end of every step (Gymnasium's MountainCar). The
  // derivatives are those of the step before the rounding.
  static constexpr bool kFloatState = false;
  // Steps from one terminal state to another give no reward (Gymnasium's CartPole): whether the
  // episode has ended before is then part of the memory.
  static constexpr bool kNoRewardAfterEnd = false;

  template <class T, std::size_t n>
  static MaskOf<T> Terminated(const std::array<T, n>&) {
    return MaskOf<T>{};
  }
};

}  // namespace nabla::envs
