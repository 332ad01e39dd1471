// AcrobotContinuous: Gymnasium's Acrobot-v1 (classic_control/acrobot.py, the "book" equations;
// Sutton & Barto 1998) with any torque up to 1 N m. The text below is the specification and what
// `nabla list envs` prints. Acrobot-v1 is this with the action rounded to −1, 0, 1.
#pragma once

#include <array>
#include <vector>

#include "envs/core/integrate.h"
#include "envs/core/model.h"

namespace nabla::envs {

struct AcrobotModel : ModelDefaults {
  static constexpr const char* kDescription =
      R"(Two links hang from a hinge, a motor at the elbow: swing the tip above the line.
As in Gymnasium 1.x (classic_control/acrobot.py, "book" equations; Sutton & Barto 1998).

state        θ₁, θ₂ [rad] (0 hanging, θ₂ relative to link 1, in ±π), θ̇₁, θ̇₂ [rad/s]
action       a: torque at the elbow [N m], clipped to ±max_torque
observation  cos θ₁, sin θ₁, cos θ₂, sin θ₂, θ̇₁, θ̇₂

  d₁ = m₁ c₁² + m₂ (l₁² + c₂² + 2 l₁ c₂ cos θ₂) + 2 I
  d₂ = m₂ (c₂² + l₁ c₂ cos θ₂) + I
  φ₂ = m₂ c₂ g cos(θ₁ + θ₂ − π/2)
  φ₁ = −m₂ l₁ c₂ θ̇₂² sin θ₂ − 2 m₂ l₁ c₂ θ̇₂ θ̇₁ sin θ₂ + (m₁ c₁ + m₂ l₁) g cos(θ₁ − π/2) + φ₂
  θ̈₂ = (a + d₂/d₁ φ₁ − m₂ l₁ c₂ θ̇₁² sin θ₂ − φ₂) / (m₂ c₂² + I − d₂²/d₁)
  θ̈₁ = −(d₂ θ̈₂ + φ₁) / d₁
  one Runge–Kutta step of h; then the angles are wrapped into ±π, θ̇₁ clipped to ±4π, θ̇₂ to ±9π
  r  = −1; 0 where the step ends the episode

  m₁, m₂ link masses, l₁ length of link 1, c₁, c₂ joint to centre of mass, I inertia of each link

start        all four uniform in ±0.1, rounded to float
end          −cos θ₁' − cos(θ₁' + θ₂') > 1
kinks        the clips of speeds and torque (bounds count as inside), the wraps (derivative 1), the
             reward's step on arrival (derivative 0))";

  static constexpr int kStateSize = 4;
  static constexpr int kActionSize = 1;
  static constexpr int kObservationSize = 6;
  static constexpr int kStepLimit = 500;  // steps of an episode

  static constexpr double kMaxSpeed1 = 4 * kPi;  // rad/s
  static constexpr double kMaxSpeed2 = 9 * kPi;  // rad/s

  double gravity = 9.8;     // g, m/s²
  double mass_1 = 1.0;      // m₁, kg
  double mass_2 = 1.0;      // m₂, kg
  double length_1 = 1.0;    // l₁, m
  double centre_1 = 0.5;    // c₁, m
  double centre_2 = 0.5;    // c₂, m
  double inertia = 1.0;     // I, kg m², of each link
  double max_torque = 1.0;  // N m
  double time_step = 0.2;   // h, s

  template <class T>
  std::array<T, 4> Rate(const std::array<T, 4>& s, const T& torque) const;

  template <class T>
  std::array<T, 4> Next(const std::array<T, 4>& s, const std::array<T, 1>& a) const {
    const T torque = Clamp(a[0], -max_torque, max_torque);
    const auto rate = [&](const std::array<T, 4>& y) { return Rate(y, torque); };
    const std::array<T, 4> y = RungeKutta4(rate, s, time_step);
    return {TurnBack(y[0]), TurnBack(y[1]), Clamp(y[2], -kMaxSpeed1, kMaxSpeed1),
            Clamp(y[3], -kMaxSpeed2, kMaxSpeed2)};
  }

  template <class T>
  T Reward(const std::array<T, 4>&, const std::array<T, 1>&, const std::array<T, 4>& next) const {
    return Select(Terminated(next), T(0), T(-1));
  }

  template <class T>
  MaskOf<T> Terminated(const std::array<T, 4>& next) const {
    return -Cos(next[0]) - Cos(next[1] + next[0]) > Constant<T>(1);
  }

  template <class T>
  std::array<T, 6> Observe(const std::array<T, 4>& s) const {
    return {Cos(s[0]), Sin(s[0]), Cos(s[1]), Sin(s[1]), s[2], s[3]};
  }

  std::array<double, 4> Initial(Rng& rng) const;
  Spec MakeSpec() const;
  static std::vector<ModelParameter<AcrobotModel>> ParameterTable();
  void Draw(Canvas& canvas, const std::array<double, 4>& s, const std::array<double, 1>& a) const;
};

template <class T>
std::array<T, 4> AcrobotModel::Rate(const std::array<T, 4>& s, const T& torque) const {
  const auto& [theta1, theta2, dtheta1, dtheta2] = s;
  const auto m2_c2_squared = Constant<T>(mass_2 * Square(centre_2));
  const auto coupling = Constant<T>(mass_2 * length_1 * centre_2);
  const auto half_turn = Constant<T>(kPi / 2);
  const T sin2 = Sin(theta2), cos2 = Cos(theta2);
  const T d1 = Constant<T>(mass_1 * Square(centre_1)) +
               Constant<T>(mass_2) * (Constant<T>(Square(length_1) + Square(centre_2)) +
                                      Constant<T>(2 * length_1 * centre_2) * cos2) +
               Constant<T>(inertia) + Constant<T>(inertia);
  const T d2 = Constant<T>(mass_2) *
                   (Constant<T>(Square(centre_2)) + Constant<T>(length_1 * centre_2) * cos2) +
               Constant<T>(inertia);
  const T phi2 = Constant<T>(mass_2 * centre_2 * gravity) * Cos(theta1 + theta2 - half_turn);
  const T phi1 =
      -(coupling * Square(dtheta2) * sin2) - Constant<T>(2) * coupling * dtheta2 * dtheta1 * sin2 +
      Constant<T>((mass_1 * centre_1 + mass_2 * length_1) * gravity) * Cos(theta1 - half_turn) +
      phi2;
  const T acceleration2 = (torque + d2 / d1 * phi1 - coupling * Square(dtheta1) * sin2 - phi2) /
                          (m2_c2_squared + Constant<T>(inertia) - Square(d2) / d1);
  const T acceleration1 = -(d2 * acceleration2 + phi1) / d1;
  return {dtheta1, dtheta2, acceleration1, acceleration2};
}

}  // namespace nabla::envs
