#include "envs/models/acrobot_swingup.h"

#include "envs/core/model_environment.h"
#include "envs/drawing/drawing.h"

namespace nabla::envs {

std::array<double, 4> AcrobotSwingupModel::Initial(Rng& rng) const {
  const double theta_1 = rng.Uniform(-kPi, kPi);
  return {theta_1, rng.Uniform(-kPi, kPi), 0, 0};
}

Spec AcrobotSwingupModel::MakeSpec() const {
  Spec spec;
  spec.name = "AcrobotSwingup";
  spec.action_low = Vector::Constant(1, -1);
  spec.action_high = Vector::Constant(1, 1);
  spec.time_step = time_step;
  spec.step_limit = kStepLimit;
  spec.reward_low = 0;
  spec.reward_high = 1;
  return spec;
}

std::vector<ModelParameter<AcrobotSwingupModel>> AcrobotSwingupModel::ParameterTable() {
  using M = AcrobotSwingupModel;
  return {{"gravity", "m/s²", &M::gravity, 0, 100},
          {"mass_1", "kg", &M::mass_1, 1e-3, 1e3},
          {"mass_2", "kg", &M::mass_2, 1e-3, 1e3},
          {"length_1", "m", &M::length_1, 1e-2, 1e2},
          {"length_2", "m", &M::length_2, 1e-2, 1e2},
          {"inertia_1", "kg m²", &M::inertia_1, 1e-4, 1e3},
          {"inertia_2", "kg m²", &M::inertia_2, 1e-4, 1e3},
          {"damping", "N m s", &M::damping, 0, 1e3},
          {"max_torque", "N m", &M::max_torque, 1e-3, 1e4},
          {"time_step", "s", &M::time_step, 1e-4, 0.1}};
}

void AcrobotSwingupModel::Draw(Canvas& canvas, const std::array<double, 4>& s,
                               const std::array<double, 1>& a) const {
  const double reach = 1.12 * (length_1 + length_2);
  canvas.View({-reach, -reach}, {reach, reach});
  canvas.Circle({0, kTargetHeight}, kTargetRadius, Paint::kTarget);
  DrawTwoLinks(canvas, {.angle_1 = s[0],
                        .angle_2 = s[0] + s[1],
                        .length_1 = length_1,
                        .length_2 = length_2,
                        .torque_2 = Clamp(a[0], -1, 1)});
}

Entry AcrobotSwingupEntry() {
  return ModelEntry<AcrobotSwingupModel>("hold the tip of two links at the top (Control Suite)");
}

}  // namespace nabla::envs
