#include "envs/models/mountain_car.h"

#include "envs/core/model_environment.h"

namespace nabla::envs {
namespace {

// The hill that the car is drawn on: its slope is that of the pull, cos 3x.
Point OnHill(double x) { return {x, 0.45 * std::sin(3 * x) + 0.55}; }

}  // namespace

Spec MountainCarModel::MakeSpec() const {
  Spec spec;
  spec.name = "MountainCarContinuous-v0";
  spec.action_low = Vector::Constant(1, -1);
  spec.action_high = Vector::Constant(1, 1);
  spec.time_step = kFrame;
  spec.step_limit = kStepLimit;
  spec.reward_low = -0.1;
  spec.reward_high = 100;
  return spec;
}

std::vector<ModelParameter<MountainCarModel>> MountainCarModel::ParameterTable() {
  using M = MountainCarModel;
  return {{"power", "1/step²", &M::power, 0, 0.1},
          {"gravity", "1/step²", &M::gravity, 0, 0.1},
          {"max_speed", "1/step", &M::max_speed, 1e-3, 1}};
}

void MountainCarModel::Draw(Canvas& canvas, const std::array<double, 2>& s,
                            const std::array<double, 1>& a) const {
  canvas.View({kLeft - 0.1, -0.05}, {kRight + 0.1, 1.3});
  constexpr int kPieces = 60;
  const auto at = [](int i) { return kLeft + (kRight - kLeft) * i / kPieces; };
  for (int i = 0; i < kPieces; ++i) {
    canvas.Line(OnHill(at(i)), OnHill(at(i + 1)), 0.012, Paint::kTrack);
  }
  const Point flag = OnHill(kGoal);
  canvas.Line(flag, flag + Point{0, 0.2}, 0.01, Paint::kTarget);
  canvas.Polygon(std::array{flag + Point{0, 0.2}, flag + Point{0.1, 0.165}, flag + Point{0, 0.13}},
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

Entry MountainCarEntry() {
  return ModelEntry<MountainCarModel>("drive a weak car up a hill (Gymnasium)");
}

}  // namespace nabla::envs
