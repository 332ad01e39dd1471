// PendulumSwingup, after the DeepMind Control Suite (Tassa et al. 2018, task pendulum-swingup). The
// text below is the specification, which `nabla list envs` prints.
#include <array>
#include <vector>

#include "envs/core/model_environment.h"

namespace nabla::envs {

struct PendulumSwingupModel : ModelDefaults {
  static constexpr const char* kDescription =
      R"(A ball on a rod with a motor too weak to lift it: swing it up and hold it; sparse reward.
After the DeepMind Control Suite (pendulum-swingup; Tassa et al. 2018).

state        θ [rad] (0 upright, positive towards +x, not wrapped), θ̇ [rad/s]
action       a: torque / max_torque, clipped to ±1
observation  cos θ, sin θ, θ̇

  I  = m l² + 2/5 m ρ²                        ball of radius ρ = 0.05 m at the end of the rod
  f  = max_torque a + m g l sin θ − b θ̇
  θ̇' = θ̇ + h f / (I + h b)                    semi-implicit Euler, implicit damping
  θ' = θ + h θ̇'
  r  = 1 where cos θ' ≥ cos 8°, else 0

start        θ uniform in ±π, at rest
end          never
kinks        the clip of the action (bounds count as inside); the reward is a step (derivative 0))";

  static constexpr int kStateSize = 2;
  static constexpr int kActionSize = 1;
  static constexpr int kObservationSize = 3;
  static constexpr int kStepLimit = 1000;  // steps of an episode

  static constexpr double kBallRadius = 0.05;        // ρ, m
  static constexpr double kUpright = 8 * kPi / 180;  // rad

  double gravity = 9.81;    // g, m/s²
  double mass = 1.0;        // m, kg
  double length = 0.5;      // l, m
  double damping = 0.1;     // b, N m s
  double max_torque = 1.0;  // N m
  double time_step = 0.02;  // h, s

  template <class T>
  std::array<T, 2> Next(const std::array<T, 2>& s, const std::array<T, 1>& a) const {
    const double inertia = mass * (length * length + 0.4 * kBallRadius * kBallRadius);
    const T torque = Constant<T>(max_torque) * Clamp(a[0], -1, 1) +
                     Constant<T>(mass * gravity * length) * Sin(s[0]) - Constant<T>(damping) * s[1];
    const T speed = s[1] + Constant<T>(time_step / (inertia + time_step * damping)) * torque;
    return {s[0] + Constant<T>(time_step) * speed, speed};
  }

  template <class T>
  T Reward(const std::array<T, 2>&, const std::array<T, 1>&, const std::array<T, 2>& next) const {
    return Select(Cos(next[0]) >= Constant<T>(std::cos(kUpright)), T(1), T(0));
  }

  template <class T>
  std::array<T, 3> Observe(const std::array<T, 2>& s) const {
    return {Cos(s[0]), Sin(s[0]), s[1]};
  }

  std::array<double, 2> Initial(Rng& rng) const { return {rng.Uniform(-kPi, kPi), 0}; }

  Spec MakeSpec() const { return UnitSpec("PendulumSwingup", kActionSize, time_step, kStepLimit); }

  static std::vector<ModelParameter<PendulumSwingupModel>> ParameterTable() {
    using M = PendulumSwingupModel;
    return {{"gravity", "m/s²", &M::gravity, 0, 100},
            {"mass", "kg", &M::mass, 1e-3, 1e3},
            {"length", "m", &M::length, 1e-2, 1e2},
            {"damping", "N m s", &M::damping, 0, 1e3},
            {"max_torque", "N m", &M::max_torque, 1e-3, 1e4},
            {"time_step", "s", &M::time_step, 1e-4, 0.1}};
  }

  void Draw(Canvas& canvas, const std::array<double, 2>& s, const std::array<double, 1>& a) const {
    const double reach = 1.35 * length;
    canvas.View({-reach, -reach}, {reach, reach});
    for (const double edge : {-kUpright, kUpright}) {
      const Point way = {std::sin(edge), std::cos(edge)};
      canvas.Line((1.14 * length) * way, (1.3 * length) * way, 0.02 * length, Paint::kTarget);
    }
    const Point ball = {length * std::sin(s[0]), length * std::cos(s[0])};
    canvas.Line({0, 0}, ball, 0.06 * length, Paint::kLimb);
    canvas.Circle(ball, 2 * kBallRadius, Paint::kBody);
    canvas.Circle({0, 0}, 0.06 * length, Paint::kJoint);
    canvas.TurnArrow({0, 0}, 0.35 * length, -0.75 * kPi * Clamp(a[0], -1, 1), 0.03 * length,
                     Paint::kAction);
  }
};

EnvironmentEntry PendulumSwingupEntry() {
  return ModelEntry<PendulumSwingupModel>(
      "swing a pendulum up and hold it, sparse reward (Control Suite)");
}

}  // namespace nabla::envs
