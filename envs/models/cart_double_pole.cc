#include "envs/models/cart_double_pole.h"

#include "envs/core/model_environment.h"
#include "envs/drawing/drawing.h"

namespace nabla::envs {

std::array<double, 6> CartDoublePoleModel::Initial(Rng& rng) const {
  std::array<double, 6> s;
  for (double& x : s) x = 0.05 * rng.Normal();
  s[1] += kPi;
  s[2] += kPi;
  return s;
}

Spec CartDoublePoleModel::MakeSpec() const {
  Spec spec;
  spec.name = "CartDoublePole";
  spec.action_low = Vector::Constant(1, -1);
  spec.action_high = Vector::Constant(1, 1);
  spec.time_step = time_step;
  spec.step_limit = kStepLimit;
  spec.reward_low = 0;
  spec.reward_high = 1;
  return spec;
}

std::vector<ModelParameter<CartDoublePoleModel>> CartDoublePoleModel::ParameterTable() {
  using M = CartDoublePoleModel;
  return {{"gravity", "m/s²", &M::gravity, 0, 100},
          {"cart_mass", "kg", &M::cart_mass, 1e-2, 1e3},
          {"mass_1", "kg", &M::mass_1, 1e-3, 1e3},
          {"mass_2", "kg", &M::mass_2, 1e-3, 1e3},
          {"half_length_1", "m", &M::half_length_1, 1e-2, 1e2},
          {"half_length_2", "m", &M::half_length_2, 1e-2, 1e2},
          {"hinge_friction", "N m s", &M::hinge_friction, 0, 1e2},
          {"max_force", "N", &M::max_force, 1e-3, 1e4},
          {"time_step", "s", &M::time_step, 1e-4, 0.1}};
}

void CartDoublePoleModel::Draw(Canvas& canvas, const std::array<double, 6>& s,
                               const std::array<double, 1>& a) const {
  DrawCartPoles(canvas, {.x = s[0],
                         .rail = kRail,
                         .poles = {{s[1], 2 * half_length_1}, {s[2], 2 * half_length_2}},
                         .force = Clamp(a[0], -1, 1)});
}

Entry CartDoublePoleEntry() {
  return ModelEntry<CartDoublePoleModel>("swing up two poles on one cart");
}

}  // namespace nabla::envs
