#include "envs/models/cart_pole.h"

#include "envs/core/model_environment.h"
#include "envs/drawing/drawing.h"
#include "envs/models/discrete_action.h"

namespace nabla::envs {

std::array<double, 4> CartPoleModel::Initial(Rng& rng) const {
  std::array<double, 4> s;
  for (double& x : s) x = rng.Uniform(-0.05, 0.05);
  return s;
}

Spec CartPoleModel::MakeSpec() const {
  Spec spec;
  spec.name = "CartPoleContinuous";
  spec.action_low = Vector::Constant(1, -1);
  spec.action_high = Vector::Constant(1, 1);
  spec.time_step = time_step;
  spec.step_limit = kStepLimit;
  spec.reward_low = 0;
  spec.reward_high = 1;
  return spec;
}

std::vector<ModelParameter<CartPoleModel>> CartPoleModel::ParameterTable() {
  using M = CartPoleModel;
  return {{"gravity", "m/s²", &M::gravity, 0, 100},
          {"cart_mass", "kg", &M::cart_mass, 1e-2, 1e3},
          {"pole_mass", "kg", &M::pole_mass, 1e-3, 1e3},
          {"half_length", "m", &M::half_length, 1e-2, 1e2},
          {"max_force", "N", &M::max_force, 1e-3, 1e4},
          {"time_step", "s", &M::time_step, 1e-4, 0.2}};
}

void CartPoleModel::Draw(Canvas& canvas, const std::array<double, 4>& s,
                         const std::array<double, 1>& a) const {
  DrawCartPoles(
      canvas,
      {.x = s[0], .rail = kTrack, .poles = {{s[2], 2 * half_length}}, .force = Clamp(a[0], -1, 1)});
}

Entry CartPoleContinuousEntry() {
  return ModelEntry<CartPoleModel>("balance a pole on a cart, any force up to 10 N (Gymnasium)");
}

Entry CartPoleEntry() {
  return {"CartPole-v1", "balance a pole on a cart, push left or right with 10 N (Gymnasium)",
          []() -> std::unique_ptr<Environment> {
            return std::make_unique<DiscreteAction>(
                std::make_unique<ModelEnvironment<CartPoleModel>>(), "CartPole-v1",
                std::vector<double>{-1, 1});
          }};
}

}  // namespace nabla::envs
