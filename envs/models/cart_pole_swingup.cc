#include "envs/models/cart_pole_swingup.h"

#include "envs/core/model_environment.h"
#include "envs/drawing/drawing.h"

namespace nabla::envs {

template <CartPoleTask task>
std::array<double, 4> CartPoleSwingupModel<task>::Initial(Rng& rng) const {
  std::array<double, 4> s;
  if (task == CartPoleTask::kBalance) {
    s[0] = rng.Uniform(-0.1, 0.1);
    s[1] = rng.Uniform(-0.034, 0.034);
  } else {
    s[0] = 0.01 * rng.Normal();
    s[1] = kPi + 0.01 * rng.Normal();
  }
  s[2] = 0.01 * rng.Normal();
  s[3] = 0.01 * rng.Normal();
  return s;
}

template <CartPoleTask task>
Spec CartPoleSwingupModel<task>::MakeSpec() const {
  Spec spec;
  spec.name = task == CartPoleTask::kBalance   ? "CartPoleBalance"
              : task == CartPoleTask::kSwingup ? "CartPoleSwingup"
                                               : "CartPoleSwingupSparse";
  spec.action_low = Vector::Constant(1, -1);
  spec.action_high = Vector::Constant(1, 1);
  spec.time_step = time_step;
  spec.step_limit = kStepLimit;
  spec.reward_low = 0;
  spec.reward_high = 1;
  return spec;
}

template <CartPoleTask task>
std::vector<ModelParameter<CartPoleSwingupModel<task>>>
CartPoleSwingupModel<task>::ParameterTable() {
  using M = CartPoleSwingupModel;
  return {{"gravity", "m/s²", &M::gravity, 0, 100},
          {"cart_mass", "kg", &M::cart_mass, 1e-2, 1e3},
          {"pole_mass", "kg", &M::pole_mass, 1e-3, 1e3},
          {"half_length", "m", &M::half_length, 1e-2, 1e2},
          {"pole_inertia", "kg m²", &M::pole_inertia, 1e-6, 1e3},
          {"rail_damping", "N s/m", &M::rail_damping, 0, 1e3},
          {"hinge_damping", "N m s", &M::hinge_damping, 0, 1e3},
          {"max_force", "N", &M::max_force, 1e-3, 1e4},
          {"time_step", "s", &M::time_step, 1e-4, 0.1}};
}

template <CartPoleTask task>
void CartPoleSwingupModel<task>::Draw(Canvas& canvas, const std::array<double, 4>& s,
                                      const std::array<double, 1>& a) const {
  DrawCartPoles(
      canvas,
      {.x = s[0], .rail = kRail, .poles = {{s[1], 2 * half_length}}, .force = Clamp(a[0], -1, 1)});
}

Entry CartPoleBalanceEntry() {
  return ModelEntry<CartPoleSwingupModel<CartPoleTask::kBalance>>(
      "keep a pole on a cart upright and centred (Control Suite)");
}

Entry CartPoleSwingupEntry() {
  return ModelEntry<CartPoleSwingupModel<CartPoleTask::kSwingup>>(
      "swing a pole on a cart up and centre it (Control Suite)");
}

Entry CartPoleSwingupSparseEntry() {
  return ModelEntry<CartPoleSwingupModel<CartPoleTask::kSwingupSparse>>(
      "swing a pole on a cart up, sparse reward (Control Suite)");
}

}  // namespace nabla::envs
