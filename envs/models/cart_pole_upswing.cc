// CartPoleUpswing: the example task of T. Ukkonen's dinrhiw library, whose derivation of the
// general gradient nabla uses. The text below is the specification, which `nabla list envs` prints.
#include <array>
#include <vector>

#include "envs/core/model_environment.h"
#include "envs/drawing/drawing.h"

namespace nabla::envs {

struct CartPoleUpswingModel : ModelDefaults {
  static constexpr const char* kDescription =
      R"(A pole hangs from a cart with friction on an endless track: swing it up and hold it.
The task of T. Ukkonen's dinrhiw library; equations of Florian (2007), "Correct equations for the
dynamics of the cart-pole system", (21)-(23).

state        x [m], ẋ [m/s], θ [rad] (0 upright, positive towards +x, not wrapped), θ̇ [rad/s]
action       a: force / max_force, clipped to ±1
observation  wrap(θ), sin θ, cos θ, θ̇, x, ẋ

  F  = max_force a
  θ̈  = (g sin θ + cos θ ((−F − m l θ̇² (sin θ + μ cos θ)) / (M + m) + μ g) − ν θ̇ / (m l))
       / (l (4/3 − m cos θ (cos θ − μ) / (M + m)))
  N  = (M + m) g − m l (θ̈ sin θ + θ̇² cos θ)            force of the track on the cart
  ẍ  = (F + m l (θ̇² sin θ − θ̈ cos θ) − μ N) / (M + m)
       with μ = track_friction sgn(N ẋ); sgn N is 1 unless that gives N < 0; then it is −1
  x' = x + h ẋ + ½ h² ẍ,  ẋ' = ẋ + h ẍ,  θ' and θ̇' likewise
  r  = max(0, 1 − |θ'| / π)^10 [|x'| ≤ 400 m] − a² − ½ [|θ'| > 90°]     θ' wrapped, a clipped

  M, m masses of cart and pole, l half the length of the pole, ν hinge friction

start        hanging at rest: θ = π, all others 0
end          never; truncated after 20 s
kinks        the clip of the action (bounds count as inside), ẋ = 0 and N = 0 (no friction at
             exactly 0), |θ'| at 0 and ±π (derivative of the side that θ' is on), the steps of the
             reward at 90° and 400 m (derivative of the other terms)

Deviations from the author's program:
  the program uses 1 m for Florian's half length of the pole; here the whole pole is 1 m long
  the program starts upright; here the pole hangs
  the program takes the sign of N from the step before; here each step computes it
  the program takes sgn 0 = 1; here sgn 0 = 0
  the program resets beyond 1000 m; here only the time limit ends an episode)";

  static constexpr int kStateSize = 4;
  static constexpr int kActionSize = 1;
  static constexpr int kObservationSize = 6;
  static constexpr int kStepLimit = 1000;  // steps of an episode
  static constexpr double kFar = 400;      // m

  double gravity = 9.81;         // g, m/s²
  double cart_mass = 1.0;        // M, kg
  double pole_mass = 0.2;        // m, kg
  double pole_length = 1.0;      // 2 l, m
  double track_friction = 0.1;   // of the cart on the track, no unit
  double hinge_friction = 0.01;  // ν, N m s
  double max_force = 100.0;      // N
  double time_step = 0.02;       // h, s

  template <class T>
  std::array<T, 4> Next(const std::array<T, 4>& s, const std::array<T, 1>& a) const {
    const T force = Constant<T>(max_force) * Clamp(a[0], -1, 1);
    const Accelerations<T> pressed = Accelerate(s, force, 1);
    const Accelerations<T> lifted = Accelerate(s, force, -1);
    const auto up = pressed.normal_force < Constant<T>(0);
    const T x_acceleration = Select(up, lifted.x, pressed.x);
    const T theta_acceleration = Select(up, lifted.theta, pressed.theta);
    const auto h = Constant<T>(time_step);
    const auto half_h_squared = Constant<T>(0.5 * time_step * time_step);
    return {s[0] + h * s[1] + half_h_squared * x_acceleration, s[1] + h * x_acceleration,
            s[2] + h * s[3] + half_h_squared * theta_acceleration, s[3] + h * theta_acceleration};
  }

  template <class T>
  T Reward(const std::array<T, 4>&, const std::array<T, 1>& a, const std::array<T, 4>& next) const {
    const T angle = Abs(WrapAngle(next[2]));
    const T height = Constant<T>(1) - Constant<T>(1 / kPi) * angle;
    const T squared = Square(Select(height > Constant<T>(0), height, T(0)));
    const T tenth_power = Square(Square(squared)) * squared;
    const T upright = Select(Abs(next[0]) <= Constant<T>(kFar), tenth_power, T(0));
    const T fallen = Select(angle > Constant<T>(kPi / 2), T(0.5), T(0));
    return upright - Square(Clamp(a[0], -1, 1)) - fallen;
  }

  template <class T>
  std::array<T, 6> Observe(const std::array<T, 4>& s) const {
    return {WrapAngle(s[2]), Sin(s[2]), Cos(s[2]), s[3], s[0], s[1]};
  }

  template <class T>
  struct Accelerations {
    T x, theta, normal_force;
  };
  // The accelerations if the track pushes the cart up (+1) or down (−1).
  template <class T>
  Accelerations<T> Accelerate(const std::array<T, 4>& s, const T& force, double normal_sign) const;

  std::array<double, 4> Initial(Rng&) const { return {0, 0, kPi, 0}; }

  Spec MakeSpec() const {
    return {.name = "CartPoleUpswing",
            .action_low = Vector::Constant(1, -1),
            .action_high = Vector::Constant(1, 1),
            .time_step = time_step,
            .step_limit = kStepLimit,
            .reward_low = -1.5,
            .reward_high = 1};
  }

  static std::vector<ModelParameter<CartPoleUpswingModel>> ParameterTable() {
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

  void Draw(Canvas& canvas, const std::array<double, 4>& s, const std::array<double, 1>& a) const {
    DrawCartPoles(canvas, {.x = s[0], .poles = {{s[2], pole_length}}, .force = Clamp(a[0], -1, 1)});
  }
};

template <class T>
CartPoleUpswingModel::Accelerations<T> CartPoleUpswingModel::Accelerate(const std::array<T, 4>& s,
                                                                        const T& force,
                                                                        double normal_sign) const {
  const T& x_dot = s[1];
  const T& theta_dot = s[3];
  const double total_mass = cart_mass + pole_mass, l = pole_length / 2;
  const auto per_mass = Constant<T>(1 / total_mass);
  const auto mass_length = Constant<T>(pole_mass * l);
  const auto g = Constant<T>(gravity);
  const T mu = Constant<T>(track_friction * normal_sign) * Sign(x_dot);
  const T sin_theta = Sin(s[2]), cos_theta = Cos(s[2]), speed_squared = Square(theta_dot);
  const T pushed = (-force - mass_length * speed_squared * (sin_theta + mu * cos_theta)) * per_mass;
  const T numerator = g * sin_theta + cos_theta * (pushed + mu * g) -
                      Constant<T>(hinge_friction / (pole_mass * l)) * theta_dot;
  const T denominator =
      Constant<T>(l) *
      (Constant<T>(4.0 / 3.0) - Constant<T>(pole_mass / total_mass) * cos_theta * (cos_theta - mu));
  const T theta_acceleration = numerator / denominator;
  const T normal_force = Constant<T>(total_mass * gravity) -
                         mass_length * (theta_acceleration * sin_theta + speed_squared * cos_theta);
  const T x_acceleration =
      (force + mass_length * (speed_squared * sin_theta - theta_acceleration * cos_theta) -
       mu * normal_force) *
      per_mass;
  return {x_acceleration, theta_acceleration, normal_force};
}

EnvironmentEntry CartPoleUpswingEntry() {
  return ModelEntry<CartPoleUpswingModel>("swing a pole up on an endless track (dinrhiw)");
}

}  // namespace nabla::envs
