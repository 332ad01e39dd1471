#include "envs/models/pendulum_swingup.h"

#include "envs/core/model_environment.h"

namespace nabla::envs {

Spec PendulumSwingupModel::MakeSpec() const {
  Spec spec;
  spec.name = "PendulumSwingup";
  spec.action_low = Vector::Constant(1, -1);
  spec.action_high = Vector::Constant(1, 1);
  spec.time_step = time_step;
  spec.step_limit = kStepLimit;
  spec.reward_low = 0;
  spec.reward_high = 1;
  return spec;
}

std::vector<ModelParameter<PendulumSwingupModel>> PendulumSwingupModel::ParameterTable() {
  using M = PendulumSwingupModel;
  return {{"gravity", "m/s²", &M::gravity, 0, 100},
          {"mass", "kg", &M::mass, 1e-3, 1e3},
          {"length", "m", &M::length, 1e-2, 1e2},
          {"damping", "N m s", &M::damping, 0, 1e3},
          {"max_torque", "N m", &M::max_torque, 1e-3, 1e4},
          {"time_step", "s", &M::time_step, 1e-4, 0.1}};
}

void PendulumSwingupModel::Draw(Canvas& canvas, const std::array<double, 2>& s,
                                const std::array<double, 1>& a) const {
  const double reach = 1.35 * length;
  canvas.View({-reach, -reach}, {reach, reach});
  for (const double edge : {-kUpright, kUpright}) {
    const Point way = {std::sin(edge), std::cos(edge)};
    canvas.Line((1.14 * length) * way, (1.3 * length) * way, 0.02 * length, Paint::kTarget);
  }
  const Point ball = {length * std::sin(s[0]), length * std::cos(s[0])};
  canvas.Line({0, 0}, ball, 0.06 * length, Paint::kLimb);
  canvas.Circle(ball, 2 * kBallRadius, Paint::kBody);
  canvas.Circle({0, 0}, 0.06 * length, Paint::kJoint);
  canvas.TurnArrow({0, 0}, 0.35 * length, -0.75 * kPi * Clamp(a[0], -1, 1), 0.03 * length,
                   Paint::kAction);
}

Entry PendulumSwingupEntry() {
  return ModelEntry<PendulumSwingupModel>(
      "swing a pendulum up and hold it, sparse reward (Control Suite)");
}

}  // namespace nabla::envs
