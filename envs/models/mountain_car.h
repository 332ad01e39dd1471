// MountainCarContinuous-v0, as in Gymnasium 1.x (classic_control/continuous_mountain_car.py; Moore
// 1990). The text below is the specification and what `nabla list envs` prints.
#pragma once

#include <array>
#include <vector>

#include "envs/core/model.h"

namespace nabla::envs {

struct MountainCarModel : ModelDefaults {
  static constexpr const char* kDescription =
      R"(A car too weak for the hill must swing back and forth to reach the flag on the right.
As in Gymnasium 1.x (classic_control/continuous_mountain_car.py; Moore 1990).

state        x position, v velocity (distance a step; the task has no physical units)
action       a: throttle
observation  x, v

  v' = clip(v + power clip(a, ±1) − gravity cos 3x, ±max_speed)
  x' = clip(x + v', [−1.2, 0.6]);   v' = 0 where x' = −1.2 and v' < 0
  r  = 100 [terminated] − 0.1 a²           of the unclipped action
  x' and v' are then rounded to float, as Gymnasium stores them

start        x uniform in [−0.6, −0.4], v = 0
end          x' ≥ 0.45 and v' ≥ 0 (before the rounding)
time         a step counts as 1/30 s, Gymnasium's frame rate, for display alone
kinks        the three clips (bounds count as inside), the stop at the left wall (derivative of
             v' is 0 there), the 100 on arrival (derivative of −0.1 a²); the rounding counts as the
             identity)";

  static constexpr int kStateSize = 2;
  static constexpr int kActionSize = 1;
  static constexpr int kObservationSize = 2;
  static constexpr int kStepLimit = 999;  // steps of an episode
  static constexpr bool kFloatState = true;

  static constexpr double kLeft = -1.2;       // left wall
  static constexpr double kRight = 0.6;       // right wall
  static constexpr double kGoal = 0.45;       // the flag
  static constexpr double kFrame = 1 / 30.0;  // s

  double power = 0.0015;    // of the engine, distance / step²
  double gravity = 0.0025;  // distance / step²
  double max_speed = 0.07;  // distance / step

  template <class T>
  std::array<T, 2> Next(const std::array<T, 2>& s, const std::array<T, 1>& a) const {
    const T force = Clamp(a[0], -1, 1);
    const T pull = Constant<T>(gravity) * Cos(Constant<T>(3) * s[0]);
    const T v = Clamp(s[1] + (force * Constant<T>(power) - pull), -max_speed, max_speed);
    const T x = Clamp(s[0] + v, kLeft, kRight);
    const auto stopped = And(x <= Constant<T>(kLeft), v < Constant<T>(0));
    return {x, Select(stopped, T(0), v)};
  }

  template <class T>
  T Reward(const std::array<T, 2>&, const std::array<T, 1>& a, const std::array<T, 2>& next) const {
    const T arrival = Select(Terminated(next), T(100), T(0));
    return arrival - Square(a[0]) * Constant<T>(0.1);
  }

  template <class T>
  MaskOf<T> Terminated(const std::array<T, 2>& next) const {
    return And(next[0] >= Constant<T>(kGoal), next[1] >= Constant<T>(0));
  }

  template <class T>
  std::array<T, 2> Observe(const std::array<T, 2>& s) const {
    return s;
  }

  std::array<double, 2> Initial(Rng& rng) const { return {rng.Uniform(-0.6, -0.4), 0}; }
  Spec MakeSpec() const;
  static std::vector<ModelParameter<MountainCarModel>> ParameterTable();
  void Draw(Canvas& canvas, const std::array<double, 2>& s, const std::array<double, 1>& a) const;
};

}  // namespace nabla::envs
