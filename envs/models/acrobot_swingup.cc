// AcrobotSwingup, after the DeepMind Control Suite (Tassa et al. 2018, task acrobot-swingup). The
// text below is the specification, which `nabla list envs` prints.
#include <array>
#include <vector>

#include "envs/core/model_environment.h"
#include "envs/core/runge_kutta.h"
#include "envs/core/tolerance.h"
#include "envs/drawing/drawing.h"
#include "envs/models/two_links.h"

namespace nabla::envs {

struct AcrobotSwingupModel : ModelDefaults {
  static constexpr const char* kDescription =
      R"(Two links on a hinge with a motor at the elbow: bring the tip to the top and hold it there.
After the DeepMind Control Suite (acrobot-swingup; Tassa et al. 2018; Coulom 2002).

state        θ₁ [rad] (0 upright), θ₂ [rad] (relative to link 1), θ̇₁, θ̇₂ [rad/s]; not wrapped
action       a: torque at the elbow / max_torque, clipped to ±1
observation  sin θ₁, sin(θ₁+θ₂), cos θ₁, cos(θ₁+θ₂), θ̇₁, θ̇₂

  the arm of envs/models/two_links.h under gravity, one Runge–Kutta step of h:
  M(θ₂) θ̈ + c(θ, θ̇) = G(θ) + (0, max_torque a) − b θ̇
  d  = distance of the tip to the point 2 m above the shoulder
  r  = 1 where d' ≤ 0.2 m, else 0.1^(d' − 0.2)²  [d in m]

start        both angles uniform in ±π, at rest
end          never
kinks        the clip of the action (bounds count as inside))";

  static constexpr int kStateSize = 4;
  static constexpr int kActionSize = 1;
  static constexpr int kObservationSize = 6;
  static constexpr int kStepLimit = 1000;  // steps of an episode

  static constexpr double kTargetHeight = 2.0;  // m above the shoulder
  static constexpr double kTargetRadius = 0.2;  // m
  static constexpr double kMargin = 1.0;        // m

  double gravity = 9.81;                    // g, m/s²
  double mass_1 = 1.0;                      // m₁, kg
  double mass_2 = 1.0;                      // m₂, kg
  double length_1 = 1.0;                    // l₁, m
  double length_2 = 1.0;                    // l₂, m
  double inertia_1 = 0.095570312500000004;  // I₁, kg m², about the centre of link 1
  double inertia_2 = 0.095303657196495611;  // I₂, kg m²
  double damping = 0.05;                    // b, N m s, of each joint
  double max_torque = 2.0;                  // N m
  double time_step = 0.01;                  // h, s

  template <class T>
  std::array<T, 4> Next(const std::array<T, 4>& s, const std::array<T, 1>& a) const {
    const TwoLinks arm = {gravity,      mass_1,    mass_2,    length_1, length_1 / 2,
                          length_2 / 2, inertia_1, inertia_2, damping};
    const T torque = Constant<T>(max_torque) * Clamp(a[0], -1, 1);
    const auto rate = [&](const std::array<T, 4>& y) { return arm.Rate(y, T(0), torque); };
    return RungeKutta4(rate, s, time_step);
  }

  template <class T>
  T Reward(const std::array<T, 4>&, const std::array<T, 1>&, const std::array<T, 4>& next) const {
    const T both = next[0] + next[1];
    const T x = Constant<T>(length_1) * Sin(next[0]) + Constant<T>(length_2) * Sin(both);
    const T y = Constant<T>(length_1) * Cos(next[0]) + Constant<T>(length_2) * Cos(both);
    const T distance = Sqrt(Square(x) + Square(y - Constant<T>(kTargetHeight)));
    const T outside = distance - Constant<T>(kTargetRadius);
    return Select(outside > Constant<T>(0), Near(outside, kMargin), T(1));
  }

  template <class T>
  std::array<T, 6> Observe(const std::array<T, 4>& s) const {
    const T both = s[0] + s[1];
    return {Sin(s[0]), Sin(both), Cos(s[0]), Cos(both), s[2], s[3]};
  }

  std::array<double, 4> Initial(Rng& rng) const {
    const double theta_1 = rng.Uniform(-kPi, kPi);
    return {theta_1, rng.Uniform(-kPi, kPi), 0, 0};
  }

  Spec MakeSpec() const { return UnitSpec("AcrobotSwingup", kActionSize, time_step, kStepLimit); }

  static std::vector<ModelParameter<AcrobotSwingupModel>> ParameterTable() {
    using M = AcrobotSwingupModel;
    return {{"gravity", "m/s²", &M::gravity, 0, 100},
            {"mass_1", "kg", &M::mass_1, 1e-3, 1e3},
            {"mass_2", "kg", &M::mass_2, 1e-3, 1e3},
            {"length_1", "m", &M::length_1, 1e-2, 1e2},
            {"length_2", "m", &M::length_2, 1e-2, 1e2},
            {"inertia_1", "kg m²", &M::inertia_1, 1e-4, 1e3},
            {"inertia_2", "kg m²", &M::inertia_2, 1e-4, 1e3},
            {"damping", "N m s", &M::damping, 0, 1e3},
            {"max_torque", "N m", &M::max_torque, 1e-3, 1e4},
            {"time_step", "s", &M::time_step, 1e-4, 0.1}};
  }

  void Draw(Canvas& canvas, const std::array<double, 4>& s, const std::array<double, 1>& a) const {
    const double reach = 1.12 * (length_1 + length_2);
    canvas.View({-reach, -reach}, {reach, reach});
    canvas.Circle({0, kTargetHeight}, kTargetRadius, Paint::kTarget);
    DrawTwoLinks(canvas, {.angle_1 = s[0],
                          .angle_2 = s[0] + s[1],
                          .length_1 = length_1,
                          .length_2 = length_2,
                          .torque_2 = Clamp(a[0], -1, 1)});
  }
};

EnvironmentEntry AcrobotSwingupEntry() {
  return ModelEntry<AcrobotSwingupModel>("hold the tip of two links at the top (Control Suite)");
}

}  // namespace nabla::envs
