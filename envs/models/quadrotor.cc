#include "envs/models/quadrotor.h"

#include "envs/core/model_environment.h"

namespace nabla::envs {

template <QuadrotorTask task>
std::array<double, 8> QuadrotorModel<task>::Initial(Rng& rng) const {
  std::array<double, 8> s = {};
  if (task == QuadrotorTask::kHover) {
    for (int i = 0; i < 2; ++i) s[i] = rng.Uniform(-1, 1);
    for (int i = 2; i < 6; ++i) s[i] = rng.Uniform(-0.5, 0.5);
  } else {
    for (const int i : {0, 1, 6, 7}) s[i] = rng.Uniform(-2, 2);
  }
  return s;
}

template <QuadrotorTask task>
Spec QuadrotorModel<task>::MakeSpec() const {
  Spec spec;
  spec.name = task == QuadrotorTask::kHover ? "Quadrotor2DHover" : "Quadrotor2DWaypoint";
  spec.action_low = Vector::Constant(2, -1);
  spec.action_high = Vector::Constant(2, 1);
  spec.time_step = time_step;
  spec.step_limit = kStepLimit;
  spec.reward_low = 0;
  spec.reward_high = 1;
  return spec;
}

template <QuadrotorTask task>
std::vector<ModelParameter<QuadrotorModel<task>>> QuadrotorModel<task>::ParameterTable() {
  using M = QuadrotorModel;
  return {{"gravity", "m/s²", &M::gravity, 1e-3, 100},
          {"mass", "kg", &M::mass, 1e-3, 1e3},
          {"arm", "m", &M::arm, 1e-3, 1e2},
          {"inertia", "kg m²", &M::inertia, 1e-7, 1e3},
          {"thrust_span", "", &M::thrust_span, 1e-3, 1},
          {"time_step", "s", &M::time_step, 1e-4, 0.1}};
}

template <QuadrotorTask task>
void QuadrotorModel<task>::Draw(Canvas& canvas, const std::array<double, 8>& s,
                                const std::array<double, 2>& a) const {
  // A part of the room, which follows the bar when that leaves its middle.
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

Entry QuadrotorHoverEntry() {
  return ModelEntry<QuadrotorModel<QuadrotorTask::kHover>>("hold a planar quadrotor in the air");
}

Entry QuadrotorWaypointEntry() {
  return ModelEntry<QuadrotorModel<QuadrotorTask::kWaypoint>>(
      "fly a planar quadrotor to a random point");
}

}  // namespace nabla::envs
