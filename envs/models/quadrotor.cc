// Quadrotor2DHover and Quadrotor2DWaypoint: a flying bar with a rotor at each end, in a vertical
// plane. The text below is the specification, which `nabla list envs` prints.
#include <array>
#include <vector>

#include "envs/core/model_environment.h"
#include "envs/core/runge_kutta.h"
#include "envs/core/tolerance.h"

namespace nabla::envs {

enum class QuadrotorTask { kHover, kWaypoint };

template <QuadrotorTask task>
struct QuadrotorModel : ModelDefaults {
  static constexpr const char* kDescription =
      R"(A bar with a rotor at each end flies in a vertical plane: Quadrotor2DHover holds the origin from
a disturbed start, Quadrotor2DWaypoint flies to a random point and stays there.
Equations and constants of the planar quadrotor of Tedrake (2023), "Underactuated Robotics",
section 3.3.1; the rotor range and the tasks are new here.

state        x, y [m], φ [rad] (0 level, counter-clockwise), ẋ, ẏ [m/s], φ̇ [rad/s], target x, y [m]
             (constant within an episode)
action       a₁, a₂: right and left rotor, clipped to ±1; two zeros carry the weight
observation  target − position (x, y), cos φ, sin φ, ẋ, ẏ, φ̇

  uᵢ = ½ m g (1 + thrust_span aᵢ)
  m ẍ = −(u₁ + u₂) sin φ,   m ÿ = (u₁ + u₂) cos φ − m g,   I φ̈ = l (u₁ − u₂)
  one Runge–Kutta step of h
  d  = |target − position'|
  r  = near(d, 2 m) · (1 + cos φ')/2 · (1 + near(φ̇', 10 rad/s))/2,   0 where the step ends the episode
       with near(d, margin) = 0.1^(d/margin)²

start        hover: x, y uniform in ±1 m, φ in ±0.5 rad, velocities in ±0.5; target (0, 0)
             waypoint: level, at rest; x, y and the target uniform in ±2 m
end          |x'| > 5 m or |y'| > 5 m
kinks        the clip of the actions (bounds count as inside), the reward's step at the end
             (derivative 0))";

  static constexpr int kStateSize = 8;
  static constexpr int kActionSize = 2;
  static constexpr int kObservationSize = 7;
  static constexpr int kStepLimit = 250;  // steps of an episode
  static constexpr double kRoom = 5.0;    // m, half the side of the room

  double gravity = 9.81;     // g, m/s²
  double mass = 0.486;       // m, kg
  double arm = 0.25;         // l, m, centre to rotor
  double inertia = 0.00383;  // I, kg m²
  double thrust_span = 0.5;  // range of a rotor's thrust around half the weight, relative to that
  double time_step = 0.02;   // h, s

  template <class T>
  std::array<T, 8> Next(const std::array<T, 8>& s, const std::array<T, 2>& a) const {
    const T right = Clamp(a[0], -1, 1), left = Clamp(a[1], -1, 1);
    // Acceleration along the bar's normal, m/s², and of its angle, rad/s².
    const T lift = Constant<T>(0.5 * gravity * thrust_span) * (right + left) + Constant<T>(gravity);
    const T spin = Constant<T>(0.5 * mass * gravity * thrust_span * arm / inertia) * (right - left);
    const auto rate = [&](const std::array<T, 6>& y) -> std::array<T, 6> {
      return {y[3], y[4], y[5], -(lift * Sin(y[2])), lift * Cos(y[2]) - Constant<T>(gravity), spin};
    };
    const std::array<T, 6> y =
        RungeKutta4(rate, std::array<T, 6>{s[0], s[1], s[2], s[3], s[4], s[5]}, time_step);
    return {y[0], y[1], y[2], y[3], y[4], y[5], s[6], s[7]};
  }

  template <class T>
  T Reward(const std::array<T, 8>&, const std::array<T, 2>&, const std::array<T, 8>& next) const {
    const T square_distance = Square(next[6] - next[0]) + Square(next[7] - next[1]);
    const T near = Exp(Constant<T>(-std::numbers::ln10 / 4) * square_distance);
    const T level = (Constant<T>(1) + Cos(next[2])) * Constant<T>(0.5);
    const T steady = (Constant<T>(1) + Near(next[5], 10)) * Constant<T>(0.5);
    return Select(Terminated(next), T(0), near * level * steady);
  }

  template <class T>
  MaskOf<T> Terminated(const std::array<T, 8>& next) const {
    return Or(Abs(next[0]) > Constant<T>(kRoom), Abs(next[1]) > Constant<T>(kRoom));
  }

  template <class T>
  std::array<T, 7> Observe(const std::array<T, 8>& s) const {
    return {s[6] - s[0], s[7] - s[1], Cos(s[2]), Sin(s[2]), s[3], s[4], s[5]};
  }

  std::array<double, 8> Initial(Rng& rng) const {
    std::array<double, 8> s = {};
    if (task == QuadrotorTask::kHover) {
      for (int i = 0; i < 2; ++i) s[i] = rng.Uniform(-1, 1);
      for (int i = 2; i < 6; ++i) s[i] = rng.Uniform(-0.5, 0.5);
    } else {
      for (const int i : {0, 1, 6, 7}) s[i] = rng.Uniform(-2, 2);
    }
    return s;
  }

  Spec MakeSpec() const {
    return UnitSpec(task == QuadrotorTask::kHover ? "Quadrotor2DHover" : "Quadrotor2DWaypoint",
                    kActionSize, time_step, kStepLimit);
  }

  static std::vector<ModelParameter<QuadrotorModel>> ParameterTable() {
    using M = QuadrotorModel;
    return {{"gravity", "m/s²", &M::gravity, 1e-3, 100},
            {"mass", "kg", &M::mass, 1e-3, 1e3},
            {"arm", "m", &M::arm, 1e-3, 1e2},
            {"inertia", "kg m²", &M::inertia, 1e-7, 1e3},
            {"thrust_span", "", &M::thrust_span, 1e-3, 1},
            {"time_step", "s", &M::time_step, 1e-4, 0.1}};
  }

  void Draw(Canvas& canvas, const std::array<double, 8>& s, const std::array<double, 2>& a) const {
    // The view shows part of the room and follows the bar when it leaves the middle.
    constexpr double kReach = 2.8;
    const auto followed = [](double x) { return x - Clamp(x, -1.8, 1.8); };
    const Point middle = {followed(s[0]), followed(s[1])};
    canvas.View(middle - Point{kReach, kReach}, middle + Point{kReach, kReach});
    for (const double edge : {-kRoom, kRoom}) {
      canvas.Line({edge, -kRoom}, {edge, kRoom}, 0.05, Paint::kTrack);
      canvas.Line({-kRoom, edge}, {kRoom, edge}, 0.05, Paint::kTrack);
    }
    const Point target = {s[6], s[7]};
    canvas.Ring(target, 0.15, 0.03, Paint::kTarget);
    canvas.Circle(target, 0.04, Paint::kTarget);

    const Point centre = {s[0], s[1]};
    const Point along = {std::cos(s[2]), std::sin(s[2])};
    const Point up = {-along.y, along.x};
    const double half = std::max(arm, 0.25);
    canvas.Line(centre - half * along, centre + half * along, 0.05, Paint::kLimb);
    canvas.Rectangle(centre, {0.22, 0.12}, Paint::kBody, s[2]);
    for (const int side : {1, -1}) {
      const Point rotor = centre + (side * half) * along + 0.07 * up;
      canvas.Line(rotor - 0.1 * along, rotor + 0.1 * along, 0.025, Paint::kJoint);
      const double thrust = 1 + thrust_span * Clamp(a[side == 1 ? 0 : 1], -1, 1);
      canvas.Arrow(rotor + 0.04 * up, rotor + (0.04 + 0.4 * thrust) * up, 0.03, Paint::kAction);
    }
  }
};

EnvironmentEntry QuadrotorHoverEntry() {
  return ModelEntry<QuadrotorModel<QuadrotorTask::kHover>>("hold a planar quadrotor at the origin");
}

EnvironmentEntry QuadrotorWaypointEntry() {
  return ModelEntry<QuadrotorModel<QuadrotorTask::kWaypoint>>(
      "fly a planar quadrotor to a random point");
}

}  // namespace nabla::envs
