// The equations of motion of a planar arm with two links (Spong, Hutchinson & Vidyasagar 2006,
// section 7.4):
//
//   M(θ₂) θ̈ + c(θ, θ̇) = G + τ − b θ̇
//   M₁₁ = I₁ + m₁ c₁² + I₂ + m₂ (l₁² + c₂² + 2 l₁ c₂ cos θ₂)
//   M₁₂ = I₂ + m₂ (c₂² + l₁ c₂ cos θ₂),   M₂₂ = I₂ + m₂ c₂²
//   c₁  = −p (2 θ̇₁ θ̇₂ + θ̇₂²),   c₂ = p θ̇₁²,   p = m₂ l₁ c₂ sin θ₂
//   G₁  = (m₁ c₁ + m₂ l₁) g sin θ₁ + G₂,   G₂ = m₂ c₂ g sin(θ₁ + θ₂)
//
// θ₁ is measured from straight up and θ₂ relative to link 1, both positive clockwise; τ are the
// torques of the joints.
#pragma once

#include <array>

#include "envs/core/scalar.h"

namespace nabla::envs {

struct TwoLinks {
  double gravity;               // g, m/s²; 0 for a horizontal arm
  double mass_1, mass_2;        // m₁, m₂, kg
  double length_1;              // l₁, m
  double centre_1, centre_2;    // c₁, c₂, m, joint to centre of mass
  double inertia_1, inertia_2;  // I₁, I₂, kg m², about the centres of mass
  double damping;               // b, N m s, of each joint

  // d/dt (θ₁, θ₂, θ̇₁, θ̇₂).
  template <class T>
  std::array<T, 4> Rate(const std::array<T, 4>& s, const T& torque_1, const T& torque_2) const {
    const auto& [theta_1, theta_2, speed_1, speed_2] = s;
    const T coupled = Constant<T>(mass_2 * length_1 * centre_2) * Cos(theta_2);
    const auto m22 = Constant<T>(inertia_2 + mass_2 * centre_2 * centre_2);
    const T m12 = m22 + coupled;
    const T m11 = Constant<T>(inertia_1 + mass_1 * centre_1 * centre_1 + inertia_2 +
                              mass_2 * (length_1 * length_1 + centre_2 * centre_2)) +
                  Constant<T>(2) * coupled;
    const T p = Constant<T>(mass_2 * length_1 * centre_2) * Sin(theta_2);
    T f1 = torque_1 - Constant<T>(damping) * speed_1 +
           p * speed_2 * (Constant<T>(2) * speed_1 + speed_2);
    T f2 = torque_2 - Constant<T>(damping) * speed_2 - p * Square(speed_1);
    if (gravity != 0) {
      const T pull_2 = Constant<T>(mass_2 * centre_2 * gravity) * Sin(theta_1 + theta_2);
      f1 += pull_2 + Constant<T>((mass_1 * centre_1 + mass_2 * length_1) * gravity) * Sin(theta_1);
      f2 += pull_2;
    }
    const T determinant = m11 * m22 - Square(m12);
    return {speed_1, speed_2, (m22 * f1 - m12 * f2) / determinant,
            (m11 * f2 - m12 * f1) / determinant};
  }
};

}  // namespace nabla::envs
