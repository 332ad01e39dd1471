#include "envs/models/reacher.h"

#include "envs/core/model_environment.h"
#include "envs/drawing/drawing.h"

namespace nabla::envs {

std::array<double, 6> ReacherModel::Initial(Rng& rng) const {
  const double theta_1 = rng.Uniform(-kPi, kPi);
  const double theta_2 = rng.Uniform(-kPi, kPi);
  const double direction = rng.Uniform(-kPi, kPi);
  const double distance = length * rng.Uniform(0.4, 1.8);
  return {theta_1, theta_2, 0, 0, distance * std::sin(direction), distance * std::cos(direction)};
}

Spec ReacherModel::MakeSpec() const {
  Spec spec;
  spec.name = "Reacher2D";
  spec.action_low = Vector::Constant(2, -1);
  spec.action_high = Vector::Constant(2, 1);
  spec.time_step = time_step;
  spec.step_limit = kStepLimit;
  spec.reward_low = 0;
  spec.reward_high = 1;
  return spec;
}

std::vector<ModelParameter<ReacherModel>> ReacherModel::ParameterTable() {
  using M = ReacherModel;
  return {{"mass", "kg", &M::mass, 1e-2, 1e3},
          {"length", "m", &M::length, 1e-2, 1e2},
          {"damping", "N m s", &M::damping, 0, 1e3},
          {"max_torque", "N m", &M::max_torque, 1e-3, 1e4},
          {"time_step", "s", &M::time_step, 1e-4, 0.1}};
}

void ReacherModel::Draw(Canvas& canvas, const std::array<double, 6>& s,
                        const std::array<double, 2>& a) const {
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

Entry ReacherEntry() {
  return ModelEntry<ReacherModel>("bring the tip of a two-link arm to a random target");
}

}  // namespace nabla::envs
