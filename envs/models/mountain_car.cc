// MountainCarContinuous-v0, as in Gymnasium 1.x (classic_control/continuous_mountain_car.py; Moore
// 1990). The text below is the specification, which `nabla list envs` prints.
#include <array>
#include <vector>

#include "envs/core/model_environment.h"

namespace nabla::envs {
namespace {

// The hill in the picture; its slope is proportional to the pull, cos 3x.
Point OnHill(double x) { return {x, 0.45 * std::sin(3 * x) + 0.55}; }

}  // namespace

struct MountainCarModel : ModelDefaults {
  static constexpr const char* kDescription =
      R"(A car too weak for the hill must swing back and forth to reach the flag on the right.
As in Gymnasium 1.x (classic_control/continuous_mountain_car.py; Moore 1990).

state        x position, v velocity (distance per step; the task has no physical units)
action       a: throttle
observation  x, v

  v' = clip(v + power clip(a, ±1) − gravity cos 3x, ±max_speed)
  x' = clip(x + v', [−1.2, 0.6]);   v' = 0 where x' = −1.2 and v' < 0
  r  = 100 [terminated] − 0.1 a²           of the unclipped action
  x' and v' are then rounded to float, as Gymnasium stores them

start        x uniform in [−0.6, −0.4], v = 0
end          x' ≥ 0.45 and v' ≥ 0 (before the rounding)
time         a step counts as 1/30 s, Gymnasium's frame rate, for display only
kinks        the three clips (bounds count as inside), the stop at the left wall (derivative of
             v' is 0 there), the 100 on arrival (derivative of −0.1 a²); the rounding counts as the
             identity)";

  static constexpr int kStateSize = 2;
  static constexpr int kActionSize = 1;
  static constexpr int kObservationSize = 2;
  static constexpr int kStepLimit = 999;  // steps of an episode
  static constexpr bool kFloatState = true;

  static constexpr double kLeft = -1.2;       // left wall
  static constexpr double kRight = 0.6;       // right wall
  static constexpr double kGoal = 0.45;       // the flag
  static constexpr double kFrame = 1 / 30.0;  // s

  double power = 0.0015;    // of the engine, distance / step²
  double gravity = 0.0025;  // distance / step²
  double max_speed = 0.07;  // distance / step

  template <class T>
  std::array<T, 2> Next(const std::array<T, 2>& s, const std::array<T, 1>& a) const {
    const T force = Clamp(a[0], -1, 1);
    const T pull = Constant<T>(gravity) * Cos(Constant<T>(3) * s[0]);
    const T v = Clamp(s[1] + (force * Constant<T>(power) - pull), -max_speed, max_speed);
    const T x = Clamp(s[0] + v, kLeft, kRight);
    const auto stopped = And(x <= Constant<T>(kLeft), v < Constant<T>(0));
    return {x, Select(stopped, T(0), v)};
  }

  template <class T>
  T Reward(const std::array<T, 2>&, const std::array<T, 1>& a, const std::array<T, 2>& next) const {
    const T arrival = Select(Terminated(next), T(100), T(0));
    return arrival - Square(a[0]) * Constant<T>(0.1);
  }

  template <class T>
  MaskOf<T> Terminated(const std::array<T, 2>& next) const {
    return And(next[0] >= Constant<T>(kGoal), next[1] >= Constant<T>(0));
  }

  template <class T>
  std::array<T, 2> Observe(const std::array<T, 2>& s) const {
    return s;
  }

  std::array<double, 2> Initial(Rng& rng) const { return {rng.Uniform(-0.6, -0.4), 0}; }

  Spec MakeSpec() const {
    return {.name = "MountainCarContinuous-v0",
            .action_low = Vector::Constant(1, -1),
            .action_high = Vector::Constant(1, 1),
            .time_step = kFrame,
            .step_limit = kStepLimit,
            .reward_low = -0.1,
            .reward_high = 100};
  }

  static std::vector<ModelParameter<MountainCarModel>> ParameterTable() {
    using M = MountainCarModel;
    return {{"power", "1/step²", &M::power, 0, 0.1},
            {"gravity", "1/step²", &M::gravity, 0, 0.1},
            {"max_speed", "1/step", &M::max_speed, 1e-3, 1}};
  }

  void Draw(Canvas& canvas, const std::array<double, 2>& s, const std::array<double, 1>& a) const {
    canvas.View({kLeft - 0.1, -0.05}, {kRight + 0.1, 1.3});
    constexpr int kPieces = 60;
    const auto at = [](int i) { return kLeft + (kRight - kLeft) * i / kPieces; };
    for (int i = 0; i < kPieces; ++i) {
      canvas.Line(OnHill(at(i)), OnHill(at(i + 1)), 0.012, Paint::kTrack);
    }
    const Point flag = OnHill(kGoal);
    canvas.Line(flag, flag + Point{0, 0.2}, 0.01, Paint::kTarget);
    canvas.Polygon(
        std::array{flag + Point{0, 0.2}, flag + Point{0.1, 0.165}, flag + Point{0, 0.13}},
        Paint::kTarget);

    const double slope = std::atan(1.35 * std::cos(3 * s[0]));
    const Point along = {std::cos(slope), std::sin(slope)};
    const Point up = {-along.y, along.x};
    const Point ground = OnHill(s[0]) + 0.006 * up;
    const Point body = ground + 0.06 * up;
    canvas.Rectangle(body, {0.14, 0.06}, Paint::kBody, slope);
    canvas.Circle(ground + 0.022 * up + 0.045 * along, 0.022, Paint::kJoint);
    canvas.Circle(ground + 0.022 * up - 0.045 * along, 0.022, Paint::kJoint);
    const Point roof = body + 0.055 * up;
    canvas.Arrow(roof, roof + (0.25 * Clamp(a[0], -1, 1)) * along, 0.015, Paint::kAction);
  }
};

EnvironmentEntry MountainCarEntry() {
  return ModelEntry<MountainCarModel>("drive a weak car up a hill (Gymnasium)");
}

}  // namespace nabla::envs
