#include "envs/models/cart_pole_upswing.h"

#include "envs/core/model_environment.h"
#include "envs/drawing/drawing.h"

namespace nabla::envs {

Spec CartPoleUpswingModel::MakeSpec() const {
  Spec spec;
  spec.name = "CartPoleUpswing";
  spec.action_low = Vector::Constant(1, -1);
  spec.action_high = Vector::Constant(1, 1);
  spec.time_step = time_step;
  spec.step_limit = kStepLimit;
  spec.reward_low = -1.5;
  spec.reward_high = 1;
  return spec;
}

std::vector<ModelParameter<CartPoleUpswingModel>> CartPoleUpswingModel::ParameterTable() {
  using M = CartPoleUpswingModel;
  return {{"gravity", "m/s²", &M::gravity, 0, 100},
          {"cart_mass", "kg", &M::cart_mass, 1e-2, 1e3},
          {"pole_mass", "kg", &M::pole_mass, 1e-3, 1e3},
          {"pole_length", "m", &M::pole_length, 1e-2, 1e2},
          {"track_friction", "", &M::track_friction, 0, 1},
          {"hinge_friction", "N m s", &M::hinge_friction, 0, 1e2},
          {"max_force", "N", &M::max_force, 1e-3, 1e4},
          {"time_step", "s", &M::time_step, 1e-4, 0.1}};
}

void CartPoleUpswingModel::Draw(Canvas& canvas, const std::array<double, 4>& s,
                                const std::array<double, 1>& a) const {
  DrawCartPoles(canvas, {.x = s[0], .poles = {{s[2], pole_length}}, .force = Clamp(a[0], -1, 1)});
}

Entry CartPoleUpswingEntry() {
  return ModelEntry<CartPoleUpswingModel>("swing a pole up on an endless track (dinrhiw)");
}

}  // namespace nabla::envs
