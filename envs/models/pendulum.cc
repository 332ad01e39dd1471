#include "envs/models/pendulum.h"

#include "envs/core/model_environment.h"
#include "envs/drawing/canvas.h"

namespace nabla::envs {

std::array<double, 2> PendulumModel::Initial(Rng& rng) const {
  const double theta = rng.Uniform(-kPi, kPi);
  return {theta, rng.Uniform(-1, 1)};
}

Spec PendulumModel::MakeSpec() const {
  return {.name = "Pendulum-v1",
          .action_low = Vector::Constant(1, -max_torque),
          .action_high = Vector::Constant(1, max_torque),
          .time_step = time_step,
          .step_limit = kStepLimit,
          .reward_low = -(kPi * kPi + 0.1 * Square(max_speed) + 0.001 * Square(max_torque)),
          .reward_high = 0};
}

std::vector<ModelParameter<PendulumModel>> PendulumModel::ParameterTable() {
  using M = PendulumModel;
  return {{"gravity", "m/s²", &M::gravity, 0, 100},
          {"mass", "kg", &M::mass, 1e-3, 1e3},
          {"length", "m", &M::length, 1e-2, 1e2},
          {"max_torque", "N m", &M::max_torque, 1e-3, 1e4},
          {"max_speed", "rad/s", &M::max_speed, 1e-3, 1e3},
          {"time_step", "s", &M::time_step, 1e-4, 0.2}};
}

void PendulumModel::Draw(Canvas& canvas, const std::array<double, 2>& s,
                         const std::array<double, 1>& a) const {
  const double reach = 1.25 * length;
  canvas.View({-reach, -reach}, {reach, reach});
  canvas.Line({0, 1.12 * length}, {0, 1.2 * length}, 0.02 * length, Paint::kTarget);
  const Point tip = {-length * std::sin(s[0]), length * std::cos(s[0])};
  canvas.Line({0, 0}, tip, 0.16 * length, Paint::kLimb);
  canvas.Circle({0, 0}, 0.05 * length, Paint::kJoint);
  const double torque = Clamp(a[0], -max_torque, max_torque) / max_torque;
  canvas.TurnArrow({0, 0}, 0.35 * length, 0.75 * kPi * torque, 0.03 * length, Paint::kAction);
}

EnvironmentEntry PendulumEntry() {
  return ModelEntry<PendulumModel>("swing a pendulum up and hold it (Gymnasium)");
}

}  // namespace nabla::envs
