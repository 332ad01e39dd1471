// CartPoleBalance, CartPoleSwingup and CartPoleSwingupSparse, after the DeepMind Control Suite
// (Tassa et al. 2018, domain cartpole): the same system with two kinds of start and two rewards.
// The text below is the specification, which `nabla list envs` prints.
#include <array>
#include <vector>

#include "envs/core/model_environment.h"
#include "envs/core/runge_kutta.h"
#include "envs/core/tolerance.h"
#include "envs/drawing/drawing.h"

namespace nabla::envs {

enum class CartPoleTask { kBalance, kSwingup, kSwingupSparse };

template <CartPoleTask task>
struct CartPoleSwingupModel : ModelDefaults {
  static constexpr const char* kDescription =
      R"(A pole on a cart on a rail of 3.6 m: CartPoleBalance starts upright, CartPoleSwingup and
CartPoleSwingupSparse start hanging. After the DeepMind Control Suite (cartpole; Tassa et al. 2018).

state        x [m], θ [rad] (0 upright, positive towards +x, not wrapped), ẋ [m/s], θ̇ [rad/s]
action       a: force / max_force, clipped to ±1
observation  x, cos θ, sin θ, ẋ, θ̇

  (M + m) ẍ + m l (θ̈ cos θ − θ̇² sin θ) = max_force a − b ẋ
  m l ẍ cos θ + (I + m l²) θ̈ − m g l sin θ = −c θ̇
  one Runge–Kutta step of h; then the stops of the rail: if |x'| > 1.8 m the cart is put on the stop
  and its outward speed v becomes 0, while θ̇' grows by m l v cos θ' / (I + m l²), which conserves the
  pole's momentum about the hinge (a rigid, inelastic stop; MuJoCo's stop is soft, so steps differ)

  r  = (1 + cos θ')/2 · (1 + near(x', 2 m))/2 · (4 + max(0, 1 − a²))/5 · (1 + near(θ̇', 5 rad/s))/2
       with near(d, margin) = 0.1^(d/margin)²;   a clipped
  sparse: r = 1 where |x'| ≤ 0.25 m and cos θ' ≥ 0.995, else 0

start        balance: x uniform ±0.1, θ uniform ±0.034, velocities 0.01 N(0, 1)
             swing-up: x = 0.01 N(0, 1), θ = π + 0.01 N(0, 1), velocities 0.01 N(0, 1)
end          never
kinks        the clip of the action and the stop (the bounds count as inside; beyond the stop
             x' and ẋ' are constant), the sparse reward (a step: derivative 0))";

  static constexpr int kStateSize = 4;
  static constexpr int kActionSize = 1;
  static constexpr int kObservationSize = 5;
  static constexpr int kStepLimit = 1000;  // steps of an episode
  static constexpr double kRail = 1.8;     // m, half the rail

  double gravity = 9.81;                        // g, m/s²
  double cart_mass = 1.0;                       // M, kg
  double pole_mass = 0.1;                       // m, kg
  double half_length = 0.5;                     // l, m, hinge to the pole's centre
  double pole_inertia = 0.0094245927672955976;  // I, kg m², a capsule about its centre
  double rail_damping = 5e-4;                   // b, N s/m
  double hinge_damping = 2e-6;                  // c, N m s
  double max_force = 10.0;                      // N
  double time_step = 0.01;                      // h, s

  template <class T>
  std::array<T, 4> Next(const std::array<T, 4>& s, const std::array<T, 1>& a) const {
    const T force = Constant<T>(max_force) * Clamp(a[0], -1, 1);
    const auto rate = [&](const std::array<T, 4>& y) { return Rate(y, force); };
    std::array<T, 4> next = RungeKutta4(rate, s, time_step);
    const auto outwards = Or(And(next[0] > Constant<T>(kRail), next[2] > Constant<T>(0)),
                             And(next[0] < Constant<T>(-kRail), next[2] < Constant<T>(0)));
    const T kick = Constant<T>(pole_mass * half_length / HingeInertia()) * Cos(next[1]);
    next[3] = Select(outwards, next[3] + kick * next[2], next[3]);
    next[2] = Select(outwards, T(0), next[2]);
    next[0] = Clamp(next[0], -kRail, kRail);
    return next;
  }

  template <class T>
  T Reward(const std::array<T, 4>&, const std::array<T, 1>& a, const std::array<T, 4>& next) const {
    const auto& [x, theta, x_dot, theta_dot] = next;
    if constexpr (task == CartPoleTask::kSwingupSparse) {
      const auto centred = Abs(x) <= Constant<T>(0.25);
      return Select(And(centred, Cos(theta) >= Constant<T>(0.995)), T(1), T(0));
    } else {
      const auto half = Constant<T>(0.5);
      const T upright = (Constant<T>(1) + Cos(theta)) * half;
      const T centred = (Constant<T>(1) + Near(x, 2)) * half;
      const T small_force = (Constant<T>(4) + Quadratic(Clamp(a[0], -1, 1))) * Constant<T>(0.2);
      const T slow = (Constant<T>(1) + Near(theta_dot, 5)) * half;
      return upright * centred * small_force * slow;
    }
  }

  template <class T>
  std::array<T, 5> Observe(const std::array<T, 4>& s) const {
    return {s[0], Cos(s[1]), Sin(s[1]), s[2], s[3]};
  }

  double HingeInertia() const { return pole_inertia + pole_mass * half_length * half_length; }

  // The two equations of motion solved for (ẍ, θ̈) by Cramer's rule.
  template <class T>
  std::array<T, 4> Rate(const std::array<T, 4>& s, const T& force) const {
    const auto& [x, theta, x_dot, theta_dot] = s;
    const auto m11 = Constant<T>(cart_mass + pole_mass);
    const auto m22 = Constant<T>(HingeInertia());
    const auto mass_length = Constant<T>(pole_mass * half_length);
    const T sin_theta = Sin(theta);
    const T m12 = mass_length * Cos(theta);
    const T f1 =
        force - Constant<T>(rail_damping) * x_dot + mass_length * Square(theta_dot) * sin_theta;
    const T f2 = Constant<T>(pole_mass * half_length * gravity) * sin_theta -
                 Constant<T>(hinge_damping) * theta_dot;
    const T determinant = m11 * m22 - Square(m12);
    return {x_dot, theta_dot, (m22 * f1 - m12 * f2) / determinant,
            (m11 * f2 - m12 * f1) / determinant};
  }

  std::array<double, 4> Initial(Rng& rng) const {
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

  Spec MakeSpec() const {
    return UnitSpec(task == CartPoleTask::kBalance   ? "CartPoleBalance"
                    : task == CartPoleTask::kSwingup ? "CartPoleSwingup"
                                                     : "CartPoleSwingupSparse",
                    kActionSize, time_step, kStepLimit);
  }

  static std::vector<ModelParameter<CartPoleSwingupModel>> ParameterTable() {
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

  void Draw(Canvas& canvas, const std::array<double, 4>& s, const std::array<double, 1>& a) const {
    DrawCartPoles(canvas, {.x = s[0],
                           .rail = kRail,
                           .poles = {{s[1], 2 * half_length}},
                           .force = Clamp(a[0], -1, 1)});
  }
};

EnvironmentEntry CartPoleBalanceEntry() {
  return ModelEntry<CartPoleSwingupModel<CartPoleTask::kBalance>>(
      "keep a pole on a cart upright and centred (Control Suite)");
}

EnvironmentEntry CartPoleSwingupEntry() {
  return ModelEntry<CartPoleSwingupModel<CartPoleTask::kSwingup>>(
      "swing a pole on a cart up and centre it (Control Suite)");
}

EnvironmentEntry CartPoleSwingupSparseEntry() {
  return ModelEntry<CartPoleSwingupModel<CartPoleTask::kSwingupSparse>>(
      "swing a pole on a cart up, sparse reward (Control Suite)");
}

}  // namespace nabla::envs
