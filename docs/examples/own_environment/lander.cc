// An environment of your own in one file: a lander that should touch the ground softly.
//
// The physics is written once, for any scalar type T: double simulates, a dual number gives exact
// derivatives. Use Sin, Select, Clamp, ... of envs/core/scalar.h and never branch on a T.
#include <cstdio>
#include <limits>

#include "envs/core/model_environment.h"
#include "envs/registry/environment_description.h"
#include "envs/registry/environment_laws.h"
#include "envs/registry/registry.h"

namespace {

using namespace nabla::envs;

struct LanderModel : ModelDefaults {
  static constexpr const char* kDescription =
      R"(A lander above the Moon with one engine: touch the ground softly and save fuel.

state        y height [m], v speed upwards [m/s]
action       a: thrust / max_thrust, clipped to [0, 1]
observation  y, v

  v' = v + h (max_thrust a / m − g)
  y' = y + h v'
  r  = −0.01 a² − 0.01;   − 0.1 v'² where y' ≤ 0

start        y uniform in [8, 12] m, v uniform in ±1 m/s
end          y' ≤ 0
kinks        the clip of the action (bounds count as inside), the reward's step at the ground)";

  static constexpr int kStateSize = 2;
  static constexpr int kActionSize = 1;
  static constexpr int kObservationSize = 2;

  double gravity = 1.62;     // g, m/s²
  double mass = 1000;        // m, kg
  double max_thrust = 4000;  // N
  double time_step = 0.1;    // h, s

  template <class T>
  std::array<T, 2> Next(const std::array<T, 2>& s, const std::array<T, 1>& a) const {
    const T lift = Constant<T>(max_thrust / mass) * Clamp(a[0], 0, 1);
    const T v = s[1] + Constant<T>(time_step) * (lift - Constant<T>(gravity));
    return {s[0] + Constant<T>(time_step) * v, v};
  }

  template <class T>
  T Reward(const std::array<T, 2>&, const std::array<T, 1>& a, const std::array<T, 2>& next) const {
    const T impact = Select(Terminated(next), Constant<T>(0.1) * Square(next[1]), T(0));
    return -(Constant<T>(0.01) * Square(Clamp(a[0], 0, 1)) + Constant<T>(0.01) + impact);
  }

  template <class T>
  MaskOf<T> Terminated(const std::array<T, 2>& next) const {
    return next[0] <= Constant<T>(0);
  }

  template <class T>
  std::array<T, 2> Observe(const std::array<T, 2>& s) const {
    return s;
  }

  std::array<double, 2> Initial(nabla::Rng& rng) const {
    const double height = rng.Uniform(8, 12);
    return {height, rng.Uniform(-1, 1)};
  }

  Spec MakeSpec() const {
    Spec spec;
    spec.name = "Lander";
    spec.action_low = Vector::Constant(1, 0);
    spec.action_high = Vector::Constant(1, 1);
    spec.time_step = time_step;
    spec.step_limit = 200;
    spec.reward_low = -std::numeric_limits<double>::infinity();
    spec.reward_high = -0.01;
    return spec;
  }

  static std::vector<ModelParameter<LanderModel>> ParameterTable() {
    return {{"gravity", "m/s²", &LanderModel::gravity, 0, 100},
            {"mass", "kg", &LanderModel::mass, 1, 1e6},
            {"max_thrust", "N", &LanderModel::max_thrust, 1, 1e8}};
  }

  void Draw(Canvas& canvas, const std::array<double, 2>& s, const std::array<double, 1>& a) const {
    canvas.View({-8, -1}, {8, 14});
    canvas.Line({-8, 0}, {8, 0}, 0.1, Paint::kTrack);
    canvas.Rectangle({0, s[0] + 0.6}, {1.2, 1.2}, Paint::kBody);
    canvas.Arrow({0, s[0]}, {0, s[0] - 3 * Clamp(a[0], 0, 1)}, 0.2, Paint::kAction);
  }
};

}  // namespace

// Prints the description of the lander and the laws that an environment must keep. Fails if one
// does not hold.
int main() {
  Register(ModelEntry<LanderModel>("land softly on the Moon"));
  const auto lander = Make("Lander");
  std::printf("%s\n", FormatDescription(*lander).c_str());
  int broken = 0;
  for (const LawResult& result : CheckEnvironment(*lander)) {
    std::printf("%s  %s (%s)\n", result.holds ? "holds " : "BROKEN", result.law.c_str(),
                result.detail.c_str());
    broken += !result.holds;
  }
  return broken == 0 ? 0 : 1;
}
