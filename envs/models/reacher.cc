// Reacher2D: a horizontal arm of two links reaches for a random point. The text below is the
// specification, which `nabla list envs` prints.
#include <array>
#include <vector>

#include "envs/core/model_environment.h"
#include "envs/core/runge_kutta.h"
#include "envs/core/tolerance.h"
#include "envs/drawing/drawing.h"
#include "envs/models/two_links.h"

namespace nabla::envs {

struct ReacherModel : ModelDefaults {
  static constexpr const char* kDescription =
      R"(A horizontal two-link arm with a motor in each joint: bring the tip to a random target.
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

  std::array<double, 6> Initial(Rng& rng) const {
    const double theta_1 = rng.Uniform(-kPi, kPi);
    const double theta_2 = rng.Uniform(-kPi, kPi);
    const double direction = rng.Uniform(-kPi, kPi);
    const double distance = length * rng.Uniform(0.4, 1.8);
    return {theta_1, theta_2, 0, 0, distance * std::sin(direction), distance * std::cos(direction)};
  }

  Spec MakeSpec() const { return UnitSpec("Reacher2D", kActionSize, time_step, kStepLimit); }

  static std::vector<ModelParameter<ReacherModel>> ParameterTable() {
    using M = ReacherModel;
    return {{"mass", "kg", &M::mass, 1e-2, 1e3},
            {"length", "m", &M::length, 1e-2, 1e2},
            {"damping", "N m s", &M::damping, 0, 1e3},
            {"max_torque", "N m", &M::max_torque, 1e-3, 1e4},
            {"time_step", "s", &M::time_step, 1e-4, 0.1}};
  }

  void Draw(Canvas& canvas, const std::array<double, 6>& s, const std::array<double, 2>& a) const {
    const double reach = 2.25 * length;
    canvas.View({-reach, -reach}, {reach, reach});
    canvas.Ring({0, 0}, 2 * length, 0.01 * length, Paint::kTrack);
    canvas.Circle({s[4], s[5]}, 0.09 * length, Paint::kTarget);
    DrawTwoLinks(canvas, {.angle_1 = s[0],
                          .angle_2 = s[0] + s[1],
                          .length_1 = length,
                          .length_2 = length,
                          .torque_1 = Clamp(a[0], -1, 1),
                          .torque_2 = Clamp(a[1], -1, 1)});
  }
};

EnvironmentEntry ReacherEntry() {
  return ModelEntry<ReacherModel>("bring the tip of a two-link arm to a random target");
}

}  // namespace nabla::envs
