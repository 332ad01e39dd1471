#include "envs/models/acrobot.h"

#include "envs/core/model_environment.h"
#include "envs/drawing/drawing.h"
#include "envs/models/discrete_action.h"

namespace nabla::envs {

std::array<double, 4> AcrobotModel::Initial(Rng& rng) const {
  std::array<double, 4> s;
  for (double& x : s) x = RoundToFloat(rng.Uniform(-0.1, 0.1));
  return s;
}

Spec AcrobotModel::MakeSpec() const {
  Spec spec;
  spec.name = "AcrobotContinuous";
  spec.action_low = Vector::Constant(1, -max_torque);
  spec.action_high = Vector::Constant(1, max_torque);
  spec.time_step = time_step;
  spec.step_limit = kStepLimit;
  spec.reward_low = -1;
  spec.reward_high = 0;
  return spec;
}

std::vector<ModelParameter<AcrobotModel>> AcrobotModel::ParameterTable() {
  using M = AcrobotModel;
  return {{"gravity", "m/s²", &M::gravity, 0, 100},
          {"mass_1", "kg", &M::mass_1, 1e-3, 1e3},
          {"mass_2", "kg", &M::mass_2, 1e-3, 1e3},
          {"length_1", "m", &M::length_1, 1e-2, 1e2},
          {"centre_1", "m", &M::centre_1, 1e-2, 1e2},
          {"centre_2", "m", &M::centre_2, 1e-2, 1e2},
          {"inertia", "kg m²", &M::inertia, 1e-3, 1e3},
          {"max_torque", "N m", &M::max_torque, 1e-3, 1e4},
          {"time_step", "s", &M::time_step, 1e-4, 0.2}};
}

void AcrobotModel::Draw(Canvas& canvas, const std::array<double, 4>& s,
                        const std::array<double, 1>& a) const {
  constexpr double kReach = 2.2;
  canvas.View({-kReach, -kReach}, {kReach, kReach});
  canvas.Line({-kReach, 1}, {kReach, 1}, 0.02, Paint::kTarget);
  DrawTwoLinks(canvas, {.angle_1 = kPi - s[0],
                        .angle_2 = kPi - s[0] - s[1],
                        .length_1 = 1,
                        .length_2 = 1,
                        // A positive torque grows θ₂, which is counter-clockwise here.
                        .torque_2 = -Clamp(a[0], -max_torque, max_torque) / max_torque});
}

Entry AcrobotContinuousEntry() {
  return ModelEntry<AcrobotModel>(
      "swing two links above a line, any torque up to 1 N m (Gymnasium)");
}

Entry AcrobotEntry() {
  return {"Acrobot-v1", "swing two links above a line, torque −1, 0 or 1 N m (Gymnasium)",
          []() -> std::unique_ptr<Environment> {
            return std::make_unique<DiscreteAction>(
                std::make_unique<ModelEnvironment<AcrobotModel>>(), "Acrobot-v1",
                std::vector<double>{-1, 0, 1});
          }};
}

}  // namespace nabla::envs
