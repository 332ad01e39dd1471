// CartPoleContinuous: Gymnasium's CartPole-v1 (classic_control/cartpole.py; Barto, Sutton &
// Anderson 1983) with any force up to 10 N. The text below is the specification, which
// `nabla list envs` prints. CartPole-v1 is this task with the action rounded to ±1
// (discrete_action.h).
#include <array>
#include <vector>

#include "envs/core/model_environment.h"
#include "envs/drawing/drawing.h"
#include "envs/models/discrete_action.h"

namespace nabla::envs {

struct CartPoleModel : ModelDefaults {
  static constexpr const char* kDescription =
      R"(A pole hinged on a cart: keep it upright by pushing the cart.
As in Gymnasium 1.x (classic_control/cartpole.py; Barto, Sutton & Anderson 1983).

state        x [m], ẋ [m/s], θ [rad] (0 upright, positive towards +x), θ̇ [rad/s]
action       a: force / max_force, clipped to ±1
observation  the state

  q  = (max_force a + m l θ̇² sin θ) / (M + m)
  θ̈  = (g sin θ − q cos θ) / (l (4/3 − m cos² θ / (M + m)))
  ẍ  = q − m l θ̈ cos θ / (M + m)
  x' = x + h ẋ,  ẋ' = ẋ + h ẍ,  θ' = θ + h θ̇,  θ̇' = θ̇ + h θ̈      explicit Euler
  r  = 1;  0 for a step from the end of an episode to another terminal state

start        all four uniform in ±0.05
end          |x'| > 2.4 m or |θ'| > 12°
kinks        the clip of the action (bounds count as inside))";

  static constexpr int kStateSize = 4;
  static constexpr int kActionSize = 1;
  static constexpr int kObservationSize = 4;
  static constexpr int kStepLimit = 500;  // steps of an episode
  static constexpr bool kNoRewardAfterEnd = true;

  static constexpr double kTrack = 2.4;                  // m, half the track
  static constexpr double kFallen = 12 * 2 * kPi / 360;  // rad

  double gravity = 9.8;      // g, m/s²
  double cart_mass = 1.0;    // M, kg
  double pole_mass = 0.1;    // m, kg
  double half_length = 0.5;  // l, m, hinge to the pole's centre
  double max_force = 10.0;   // N
  double time_step = 0.02;   // h, s

  template <class T>
  std::array<T, 4> Next(const std::array<T, 4>& s, const std::array<T, 1>& a) const {
    const auto& [x, x_dot, theta, theta_dot] = s;
    const auto total_mass = Constant<T>(cart_mass + pole_mass);
    const auto mass_length = Constant<T>(pole_mass * half_length);
    const auto h = Constant<T>(time_step);
    const T force = Constant<T>(max_force) * Clamp(a[0], -1, 1);
    const T sin_theta = Sin(theta), cos_theta = Cos(theta);
    const T q = (force + mass_length * Square(theta_dot) * sin_theta) / total_mass;
    const T theta_acceleration =
        (Constant<T>(gravity) * sin_theta - cos_theta * q) /
        (Constant<T>(half_length) *
         (Constant<T>(4.0 / 3.0) - Constant<T>(pole_mass) * Square(cos_theta) / total_mass));
    const T x_acceleration = q - mass_length * theta_acceleration * cos_theta / total_mass;
    return {x + h * x_dot, x_dot + h * x_acceleration, theta + h * theta_dot,
            theta_dot + h * theta_acceleration};
  }

  template <class T>
  T Reward(const std::array<T, 4>&, const std::array<T, 1>&, const std::array<T, 4>&) const {
    return T(1);
  }

  template <class T>
  MaskOf<T> Terminated(const std::array<T, 4>& next) const {
    return Or(Abs(next[0]) > Constant<T>(kTrack), Abs(next[2]) > Constant<T>(kFallen));
  }

  template <class T>
  std::array<T, 4> Observe(const std::array<T, 4>& s) const {
    return s;
  }

  std::array<double, 4> Initial(Rng& rng) const {
    std::array<double, 4> s;
    for (double& x : s) x = rng.Uniform(-0.05, 0.05);
    return s;
  }

  Spec MakeSpec() const {
    return UnitSpec("CartPoleContinuous", kActionSize, time_step, kStepLimit);
  }

  static std::vector<ModelParameter<CartPoleModel>> ParameterTable() {
    using M = CartPoleModel;
    return {{"gravity", "m/s²", &M::gravity, 0, 100},
            {"cart_mass", "kg", &M::cart_mass, 1e-2, 1e3},
            {"pole_mass", "kg", &M::pole_mass, 1e-3, 1e3},
            {"half_length", "m", &M::half_length, 1e-2, 1e2},
            {"max_force", "N", &M::max_force, 1e-3, 1e4},
            {"time_step", "s", &M::time_step, 1e-4, 0.2}};
  }

  void Draw(Canvas& canvas, const std::array<double, 4>& s, const std::array<double, 1>& a) const {
    DrawCartPoles(canvas, {.x = s[0],
                           .rail = kTrack,
                           .poles = {{s[2], 2 * half_length}},
                           .force = Clamp(a[0], -1, 1)});
  }
};

EnvironmentEntry CartPoleContinuousEntry() {
  return ModelEntry<CartPoleModel>("balance a pole on a cart, any force up to 10 N (Gymnasium)");
}

EnvironmentEntry CartPoleEntry() {
  return DiscreteActionEntry(CartPoleContinuousEntry(), "CartPole-v1",
                             "balance a pole on a cart, push left or right with 10 N (Gymnasium)",
                             {-1, 1});
}

}  // namespace nabla::envs
