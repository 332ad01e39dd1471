// Laws of axes, colours and panels for any numbers: a training that diverges, a file that is
// damaged and an environment of a user may show every double.
#include <bit>
#include <cmath>
#include <limits>

#include "apps/viewer/drawing/cairo_canvas.h"
#include "apps/viewer/drawing/colour_map.h"
#include "apps/viewer/drawing/ticks.h"
#include "apps/viewer/panels/frame.h"
#include "apps/viewer/panels/panels.h"
#include "envs/core/random.h"
#include "tests/apps/viewer/drawing/sample_scene.h"
#include "tests/support/catch.h"

namespace nabla::viewer::test {
namespace {

using Limits = std::numeric_limits<double>;

// Doubles of every kind and size, and their neighbours.
class AnyDouble {
 public:
  explicit AnyDouble(std::uint64_t seed) : rng_(seed) {}

  double operator()() {
    static constexpr double kSpecial[] = {0.0,
                                          -0.0,
                                          1.0,
                                          -1.0,
                                          1e17,
                                          1e300,
                                          1e308,
                                          -1e308,
                                          Limits::max(),
                                          Limits::lowest(),
                                          Limits::min(),
                                          Limits::denorm_min(),
                                          -Limits::denorm_min(),
                                          Limits::infinity(),
                                          -Limits::infinity(),
                                          Limits::quiet_NaN()};
    switch (rng_.Below(4)) {
      case 0:
        return kSpecial[rng_.Below(std::size(kSpecial))];
      case 1:
        return last_ = std::nextafter(last_, rng_.Below(2) == 0 ? 1e308 : -1e308);
      case 2:
        return last_ = std::bit_cast<double>(rng_.Bits());
      default:
        return last_ = rng_.Uniform(-1, 1) * std::pow(10, rng_.Uniform(-12, 12));
    }
  }
  float Single() { return static_cast<float>((*this)()); }
  void Fill(std::vector<double>& values) {
    for (double& value : values) value = (*this)();
  }

 private:
  Rng rng_;
  double last_ = 1;
};

TEST_CASE("extremes: ticks are few, inside the axis and short, for any range") {
  AnyDouble any(1);
  for (int i = 0; i < 100'000; ++i) {
    const Range range = {any(), any()};
    const int count = 2 + i % 11;
    CAPTURE(range.low, range.high, count);
    const Range shown = Drawable(range);
    const double slack = 1e-6 * (shown.high / 2 - shown.low / 2);
    const auto ticks = NiceTicks(range, count);
    bool holds = std::isfinite(shown.low) && std::isfinite(shown.high) && shown.low < shown.high &&
                 !ticks.empty() && ticks.size() <= static_cast<std::size_t>(count) + 3;
    for (const Tick& tick : ticks) {
      const double share = shown.Share(tick.value);
      const bool is_inside = tick.value >= shown.low - slack && tick.value <= shown.high + slack;
      holds = holds && (range.low == range.high || (is_inside && share > -1e-3 && share < 1.001)) &&
              !tick.label.empty() && tick.label.size() < 40;
    }
    const Range positive = DrawableLogarithmic(range);
    for (const Tick& tick : LogarithmicTicks(range, count)) {
      holds = holds && tick.value >= positive.low * 0.999 && tick.label.size() < 40 &&
              tick.value / 2 <= positive.high / 2 * 1.001;
    }
    REQUIRE(holds);
  }
}

TEST_CASE("extremes: labels, shares and colours of any number") {
  AnyDouble any(2);
  const ColourTable& table = ViridisTable();
  for (int i = 0; i < 100'000; ++i) {
    const double value = any();
    CAPTURE(value);
    const Range range = {any(), any()};
    bool holds = !Label(value).empty() && Label(value).size() < 20 && Label(value, 2).size() < 30 &&
                 std::isfinite(Widened(range, 0.1).low) && std::isfinite(Widened(range, 0.1).high);
    holds = holds && (Lookup(table, value, range, 1) == 1) == !std::isfinite(value);
    REQUIRE(holds);
  }
  CHECK(Label(std::numeric_limits<std::int64_t>::min()) == "\u22129,223,372,036,854,775,808");
}

// Cairo stops drawing for good after an invalid matrix, text or size.
bool StillDraws(Painter& painter, Surface& surface) {
  painter.Fill(painter.bounds(), FromHex("#123456"));
  return (surface.pixels()[0] & 0xffffff) == 0x123456;
}

TEST_CASE("extremes: the painter still draws after any coordinates, sizes and texts") {
  const Theme theme = MakeTheme(true, 1280, 720);
  AnyDouble any(3);
  Surface surface(80, 60), source(3, 2);
  Painter painter(surface, theme);
  for (int i = 0; i < 3000; ++i) {
    const std::vector<Point> points = {{any(), any()}, {any(), any()}, {3, 4}, {any(), 5}};
    const Rect rect = {any(), any(), any(), any()};
    painter.Fill(rect, theme.text);
    painter.FillRounded(rect, any(), theme.text);
    painter.StrokeRounded(rect, any(), any(), theme.text);
    painter.Polyline(points, any(), theme.text);
    painter.Polygon(points, theme.text);
    painter.Circle(points[0], any(), theme.text);
    painter.Ring({5, 5}, any(), any(), theme.text);
    painter.Arrow(points[0], points[1], any(), theme.text);
    painter.DashedLine(points[0], points[1], any(), theme.text);
    painter.Dots(points, any(), theme.text);
    painter.Picture(source, rect, true);
    painter.Text({3, 4}, "text", {.size = any(), .colour = theme.text});
    painter.Fitted("text", any(), 12);
    CairoCanvas canvas(painter, {0, 0, 80, 60});
    canvas.View({any(), any()}, {any(), any()});
    canvas.Circle({any(), any()}, any(), envs::Paint::kBody);
    canvas.Text({any(), 0}, any(), "text", envs::Paint::kText);
    CAPTURE(i);
    REQUIRE(StillDraws(painter, surface));
  }
  for (const char* text : {"\xff\xfe", "runs/a\nb\x1b[31m|<&>\"'$(x)", "\xcc\x87", "a\xcc"}) {
    painter.Text({3, 4}, text, {.size = 12, .colour = theme.text});
    CHECK(painter.TextWidth(text, 12) >= 0);
    CHECK(StillDraws(painter, surface));
  }
  const std::string endless(1 << 20, 'x');
  CHECK(painter.TextWidth(painter.Fitted(endless, 50, 12), 12) <= 50);
}

template <class Data>
std::shared_ptr<Data> Copy(const std::shared_ptr<const Data>& data) {
  return std::make_shared<Data>(*data);
}

// A scene whose numbers are replaced.
Scene Scrambled(AnyDouble& any) {
  Scene scene = SampleScene();
  for (EnvironmentView& view : scene.environments) {
    for (double* x : {&view.q, &view.time, &view.total_reward}) *x = any();
    for (ActionView& action : view.actions) action = {action.name, any(), any(), any(), any()};
  }
  const auto curve = Copy(scene.learning_curve);
  curve->total_steps = any();
  for (auto& at : curve->evaluations) at = {any(), any(), any(), any(), any()};
  for (auto& at : curve->episodes) at = {any(), any()};
  const auto slice = Copy(scene.action_slice);
  for (auto& dimension : slice->dimensions) {
    any.Fill(dimension.actions), any.Fill(dimension.q);
    for (double* x : {&dimension.policy, &dimension.q_at_policy, &dimension.gradient,
                      &dimension.noise, &dimension.low, &dimension.high}) {
      *x = any();
    }
  }
  const auto map = Copy(scene.value_map);
  map->x.range = {any(), any()}, map->y.range = {any(), any()}, map->range = {any(), any()};
  for (float& value : map->values) value = any.Single();
  for (auto& point : scene.map_track.points) point = {any(), any()};
  scene.map_track.now = {any(), any()};
  const auto training = Copy(scene.training);
  for (auto& series : training->series) {
    for (auto& at : series.points) at = {any(), any()};
  }
  for (auto& at : training->residuals) at = {any(), any(), any(), any(), any(), any()};
  const auto histogram = Copy(scene.action_histogram);
  for (auto& dimension : histogram->dimensions) any.Fill(dimension.share);
  const auto network = Copy(scene.network);
  for (auto& each : network->networks) {
    for (auto& layer : each.layers) {
      layer.jacobian_norm = any();
      for (float& value : layer.activations) value = any.Single();
    }
  }
  scene.learning_curve = curve, scene.action_slice = slice, scene.value_map = map;
  scene.training = training, scene.action_histogram = histogram, scene.network = network;
  scene.status.steps_per_second = any();
  scene.status.run = "runs/\xff\n";
  return scene;
}

TEST_CASE("extremes: every panel draws any numbers") {
  const Theme theme = MakeTheme(true, 640, 360);
  AnyDouble any(4);
  Surface surface(320, 200);
  Frame frame;
  for (int i = 0; i < 40; ++i) {
    const Scene scene = Scrambled(any);
    for (const PanelInfo& info : kPanelTable) {
      CAPTURE(i, info.name);
      Painter painter(surface, theme);
      PanelDrawings()[IndexOf(info.panel)].draw(painter, painter.bounds(), scene);
      REQUIRE(StillDraws(painter, surface));
    }
    Painter painter(surface, theme);
    DrawMapTrack(painter, painter.bounds(), scene);
    DrawStatus(painter, painter.bounds(), scene.status, {});
    REQUIRE(StillDraws(painter, surface));
    frame.Draw(scene, 640, 360);
    const Hit hit = frame.Pick(scene, {100, 100});
    REQUIRE((!hit.found || (std::isfinite(hit.x) && std::isfinite(hit.y))));
  }
}

}  // namespace
}  // namespace nabla::viewer::test
