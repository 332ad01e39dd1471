// Pendulum-v1, as in Gymnasium 1.x (classic_control/pendulum.py). The text below is the
// specification, which `nabla list envs Pendulum-v1` prints.
#pragma once

#include <array>
#include <vector>

#include "envs/core/model.h"
#include "envs/core/scalar.h"

namespace nabla::envs {

struct PendulumModel : ModelDefaults {
  static constexpr const char* kDescription =
      R"(A uniform rod of length l and mass m on a hinge with a weak motor: swing it up and hold it.
As in Gymnasium 1.x (classic_control/pendulum.py).

state        θ [rad] (0 upright, counter-clockwise, not wrapped), θ̇ [rad/s]
action       a: torque [N m]
observation  cos θ, sin θ, θ̇

  u  = clip(a, ±max_torque)
  θ̈  = 3 g / (2 l) sin θ + 3 / (m l²) u
  θ̇' = clip(θ̇ + h θ̈, ±max_speed)          semi-implicit Euler
  θ' = θ + h θ̇'
  r  = −(wrap(θ)² + 0.1 θ̇² + 0.001 u²)     of the state before the step

start        θ uniform in ±π, θ̇ uniform in ±1 rad/s
end          never
kinks        both clips (bounds count as inside); r where θ wraps at ±π (derivative 2 wrap(θ)))";

  static constexpr int kStateSize = 2;
  static constexpr int kActionSize = 1;
  static constexpr int kObservationSize = 3;
  static constexpr int kStepLimit = 200;  // steps of an episode

  double gravity = 10.0;    // g, m/s² (Gymnasium's value; Earth has 9.81)
  double mass = 1.0;        // m, kg
  double length = 1.0;      // l, m
  double max_torque = 2.0;  // N m
  double max_speed = 8.0;   // rad/s
  double time_step = 0.05;  // h, s

  template <class T>
  std::array<T, 2> Next(const std::array<T, 2>& s, const std::array<T, 1>& a) const {
    const auto& [theta, theta_dot] = s;
    const T u = Clamp(a[0], -max_torque, max_torque);
    const T acceleration = Constant<T>(3 * gravity / (2 * length)) * Sin(theta) +
                           Constant<T>(3.0 / (mass * length * length)) * u;
    const T new_theta_dot =
        Clamp(theta_dot + acceleration * Constant<T>(time_step), -max_speed, max_speed);
    return {theta + new_theta_dot * Constant<T>(time_step), new_theta_dot};
  }

  template <class T>
  T Reward(const std::array<T, 2>& s, const std::array<T, 1>& a, const std::array<T, 2>&) const {
    const T u = Clamp(a[0], -max_torque, max_torque);
    return -(Square(WrapAngle(s[0])) + Constant<T>(0.1) * Square(s[1]) +
             Constant<T>(0.001) * Square(u));
  }

  template <class T>
  std::array<T, 3> Observe(const std::array<T, 2>& s) const {
    return {Cos(s[0]), Sin(s[0]), s[1]};
  }

  std::array<double, 2> Initial(Rng& rng) const;
  Spec MakeSpec() const;
  static std::vector<ModelParameter<PendulumModel>> ParameterTable();
  void Draw(Canvas& canvas, const std::array<double, 2>& s, const std::array<double, 1>& a) const;
};

}  // namespace nabla::envs
