// Reacher2D: an arm of two links that lies flat reaches for a random point. The text below is the
// specification and what `nabla list envs` prints.
#pragma once

#include <array>
#include <vector>

#include "envs/core/integrate.h"
#include "envs/core/model.h"
#include "envs/core/tolerance.h"
#include "envs/models/two_links.h"

namespace nabla::envs {

struct ReacherModel : ModelDefaults {
  static constexpr const char* kDescription =
      R"(A two-link arm that lies flat, a motor in each joint: bring the tip to a random target.
Equations of motion: Spong, Hutchinson & Vidyasagar (2006), section 7.4 (two_links.h, no gravity).

state        θ₁, θ₂ [rad] (θ₁ from +y, θ₂ relative to link 1, clockwise, not wrapped), θ̇₁, θ̇₂
             [rad/s], target x, y [m] (constant within an episode)
action       a₁, a₂: torque / max_torque of shoulder and elbow, clipped to ±1
observation  cos θ₁, sin θ₁, cos θ₂, sin θ₂, θ̇₁, θ̇₂, target − tip (x, y)

  M(θ₂) θ̈ + c(θ, θ̇) = max_torque a − b θ̇          links: uniform rods of mass m, length l
  one Runge–Kutta step of h
  d  = |target − tip'|
  r  = 0.1^(d / l)² · (4 + max(0, 1 − (a₁² + a₂²)/2))/5;   a clipped

start        both angles uniform in ±π, at rest; the target at a uniform angle, its distance from
             the shoulder uniform in [0.4 l, 1.8 l]
end          never
kinks        the clip of the actions (bounds count as inside))";

  static constexpr int kStateSize = 6;
  static constexpr int kActionSize = 2;
  static constexpr int kObservationSize = 8;
  static constexpr int kStepLimit = 200;  // steps of an episode

  double mass = 1.0;        // m, kg, of each link
  double length = 0.5;      // l, m, of each link
  double damping = 0.1;     // b, N m s, of each joint
  double max_torque = 1.0;  // N m
  double time_step = 0.02;  // h, s

  template <class T>
  std::array<T, 6> Next(const std::array<T, 6>& s, const std::array<T, 2>& a) const {
    const double inertia = mass * length * length / 12;  // a uniform rod about its centre
    const TwoLinks arm = {0, mass, mass, length, length / 2, length / 2, inertia, inertia, damping};
    const T torque_1 = Constant<T>(max_torque) * Clamp(a[0], -1, 1);
    const T torque_2 = Constant<T>(max_torque) * Clamp(a[1], -1, 1);
    const auto rate = [&](const std::array<T, 4>& y) { return arm.Rate(y, torque_1, torque_2); };
    const std::array<T, 4> y =
        RungeKutta4(rate, std::array<T, 4>{s[0], s[1], s[2], s[3]}, time_step);
    return {y[0], y[1], y[2], y[3], s[4], s[5]};
  }

  template <class T>
  T Reward(const std::array<T, 6>&, const std::array<T, 2>& a, const std::array<T, 6>& next) const {
    const std::array<T, 2> way = ToTarget(next);
    const T near = Exp(Constant<T>(-std::numbers::ln10 / (length * length)) *
                       (Square(way[0]) + Square(way[1])));
    const T effort = (Square(Clamp(a[0], -1, 1)) + Square(Clamp(a[1], -1, 1))) * Constant<T>(0.5);
    return near * ((Constant<T>(5) - effort) * Constant<T>(0.2));
  }

  template <class T>
  std::array<T, 8> Observe(const std::array<T, 6>& s) const {
    const std::array<T, 2> way = ToTarget(s);
    return {Cos(s[0]), Sin(s[0]), Cos(s[1]), Sin(s[1]), s[2], s[3], way[0], way[1]};
  }

  // Target − tip, m.
  template <class T>
  std::array<T, 2> ToTarget(const std::array<T, 6>& s) const {
    const T both = s[0] + s[1];
    const auto l = Constant<T>(length);
    return {s[4] - l * (Sin(s[0]) + Sin(both)), s[5] - l * (Cos(s[0]) + Cos(both))};
  }

  std::array<double, 6> Initial(Rng& rng) const;
  Spec MakeSpec() const;
  static std::vector<ModelParameter<ReacherModel>> ParameterTable();
  void Draw(Canvas& canvas, const std::array<double, 6>& s, const std::array<double, 2>& a) const;
};

}  // namespace nabla::envs
