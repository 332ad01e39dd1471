// CartDoublePole: swing up two poles of different lengths, side by side on one cart. The text below
// is the specification, which `nabla list envs` prints.
#include <array>
#include <vector>

#include "envs/core/model_environment.h"
#include "envs/core/runge_kutta.h"
#include "envs/core/tolerance.h"
#include "envs/drawing/drawing.h"

namespace nabla::envs {

struct CartDoublePoleModel : ModelDefaults {
  static constexpr const char* kDescription =
      R"(Two poles on one cart, one half as long as the other: swing both up and hold them.
Equations of Wieland (1991), "Evolving neural network controllers for unstable systems", without
friction of the track; the swing-up task is new here.

state        x [m], θ₁, θ₂ [rad] (0 upright, positive towards +x, not wrapped), ẋ, θ̇₁, θ̇₂
action       a: force / max_force, clipped to ±1
observation  x, cos θ₁, sin θ₁, cos θ₂, sin θ₂, ẋ, θ̇₁, θ̇₂

  pole i, mass mᵢ, half length lᵢ, inertia mᵢ lᵢ²/3 about its centre, hinge friction ν:
  ẍ  = (max_force a + Σ mᵢ (lᵢ θ̇ᵢ² sin θᵢ − ¾ cos θᵢ wᵢ)) / (M + Σ mᵢ (1 − ¾ cos² θᵢ))
  θ̈ᵢ = ¾ (wᵢ − ẍ cos θᵢ) / lᵢ,   wᵢ = g sin θᵢ − ν θ̇ᵢ / (mᵢ lᵢ)
  one Runge–Kutta step of h; then the stops of the rail: if |x'| > 3 m the cart is put on the stop,
  its outward speed v becomes 0 and θ̇ᵢ' grows by ¾ v cos θᵢ' / lᵢ (rigid, inelastic)

  r  = (1 + cos θ₁')/2 · (1 + cos θ₂')/2 · (1 + near(x', 3 m))/2 · (4 + max(0, 1 − a²))/5
       with near(d, margin) = 0.1^(d/margin)²;   a clipped

start        both hanging: θᵢ = π + 0.05 N(0, 1), x and the speeds 0.05 N(0, 1)
end          never
kinks        the clip of the action and the stop (the bounds count as inside))";

  static constexpr int kStateSize = 6;
  static constexpr int kActionSize = 1;
  static constexpr int kObservationSize = 8;
  static constexpr int kStepLimit = 500;  // steps of an episode
  static constexpr double kRail = 3.0;    // m, half the rail

  double gravity = 9.81;         // g, m/s²
  double cart_mass = 1.0;        // M, kg
  double mass_1 = 0.1;           // m₁, kg (Wieland's long pole)
  double mass_2 = 0.05;          // m₂, kg, with the same mass per metre
  double half_length_1 = 0.5;    // l₁, m (Wieland's long pole)
  double half_length_2 = 0.25;   // l₂, m (Wieland: 0.05, which a 20 ms step cannot control)
  double hinge_friction = 2e-6;  // ν, N m s (Wieland's)
  double max_force = 20.0;       // N
  double time_step = 0.02;       // h, s

  template <class T>
  std::array<T, 6> Next(const std::array<T, 6>& s, const std::array<T, 1>& a) const {
    const T force = Constant<T>(max_force) * Clamp(a[0], -1, 1);
    const auto rate = [&](const std::array<T, 6>& y) { return Rate(y, force); };
    std::array<T, 6> next = RungeKutta4(rate, s, time_step);
    const auto outwards = Or(And(next[0] > Constant<T>(kRail), next[3] > Constant<T>(0)),
                             And(next[0] < Constant<T>(-kRail), next[3] < Constant<T>(0)));
    const T kick_1 = Constant<T>(0.75 / half_length_1) * next[3] * Cos(next[1]);
    const T kick_2 = Constant<T>(0.75 / half_length_2) * next[3] * Cos(next[2]);
    next[4] = Select(outwards, next[4] + kick_1, next[4]);
    next[5] = Select(outwards, next[5] + kick_2, next[5]);
    next[3] = Select(outwards, T(0), next[3]);
    next[0] = Clamp(next[0], -kRail, kRail);
    return next;
  }

  template <class T>
  T Reward(const std::array<T, 6>&, const std::array<T, 1>& a, const std::array<T, 6>& next) const {
    const auto half = Constant<T>(0.5);
    const T upright_1 = (Constant<T>(1) + Cos(next[1])) * half;
    const T upright_2 = (Constant<T>(1) + Cos(next[2])) * half;
    const T centred = (Constant<T>(1) + Near(next[0], kRail)) * half;
    const T small_force = (Constant<T>(4) + Quadratic(Clamp(a[0], -1, 1))) * Constant<T>(0.2);
    return upright_1 * upright_2 * centred * small_force;
  }

  template <class T>
  std::array<T, 8> Observe(const std::array<T, 6>& s) const {
    return {s[0], Cos(s[1]), Sin(s[1]), Cos(s[2]), Sin(s[2]), s[3], s[4], s[5]};
  }

  template <class T>
  std::array<T, 6> Rate(const std::array<T, 6>& s, const T& force) const {
    const auto& [x, theta_1, theta_2, x_dot, speed_1, speed_2] = s;
    const T sin_1 = Sin(theta_1), cos_1 = Cos(theta_1), sin_2 = Sin(theta_2), cos_2 = Cos(theta_2);
    const auto g = Constant<T>(gravity), three_quarters = Constant<T>(0.75);
    const T w1 = g * sin_1 - Constant<T>(hinge_friction / (mass_1 * half_length_1)) * speed_1;
    const T w2 = g * sin_2 - Constant<T>(hinge_friction / (mass_2 * half_length_2)) * speed_2;
    const T pull_1 =
        Constant<T>(half_length_1) * Square(speed_1) * sin_1 - three_quarters * cos_1 * w1;
    const T pull_2 =
        Constant<T>(half_length_2) * Square(speed_2) * sin_2 - three_quarters * cos_2 * w2;
    const T mass = Constant<T>(cart_mass) +
                   Constant<T>(mass_1) * (Constant<T>(1) - three_quarters * Square(cos_1)) +
                   Constant<T>(mass_2) * (Constant<T>(1) - three_quarters * Square(cos_2));
    const T acceleration =
        (force + Constant<T>(mass_1) * pull_1 + Constant<T>(mass_2) * pull_2) / mass;
    return {x_dot,
            speed_1,
            speed_2,
            acceleration,
            Constant<T>(0.75 / half_length_1) * (w1 - acceleration * cos_1),
            Constant<T>(0.75 / half_length_2) * (w2 - acceleration * cos_2)};
  }

  std::array<double, 6> Initial(Rng& rng) const {
    std::array<double, 6> s;
    for (double& x : s) x = 0.05 * rng.Normal();
    s[1] += kPi;
    s[2] += kPi;
    return s;
  }

  Spec MakeSpec() const { return UnitSpec("CartDoublePole", kActionSize, time_step, kStepLimit); }

  static std::vector<ModelParameter<CartDoublePoleModel>> ParameterTable() {
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

  void Draw(Canvas& canvas, const std::array<double, 6>& s, const std::array<double, 1>& a) const {
    DrawCartPoles(canvas, {.x = s[0],
                           .rail = kRail,
                           .poles = {{s[1], 2 * half_length_1}, {s[2], 2 * half_length_2}},
                           .force = Clamp(a[0], -1, 1)});
  }
};

EnvironmentEntry CartDoublePoleEntry() {
  return ModelEntry<CartDoublePoleModel>("swing up two poles on one cart");
}

}  // namespace nabla::envs
