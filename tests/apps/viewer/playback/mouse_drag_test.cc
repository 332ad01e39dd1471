// Dragging a body and the axes of the state: laws for every environment of the registry.
#include "apps/viewer/playback/mouse_drag.h"

#include <cmath>
#include <numbers>

#include "apps/viewer/playback/state_axes.h"
#include "envs/registry/environment_config.h"
#include "tests/support/catch.h"

namespace nabla::viewer {
namespace {

std::unique_ptr<envs::Environment> Make(const std::string& name) {
  envs::EnvironmentConfig config;
  config.name = name;
  return envs::Make(config);
}

TEST_CASE("mouse drag: the coordinates of the pendulum and of the cart and pole") {
  const MouseDrag pendulum(*Make("Pendulum-v1"));
  CHECK(pendulum.coordinates() == std::vector<int>{0});
  CHECK(pendulum.velocities() == std::vector<int>{1});
  const MouseDrag cart_pole(*Make("CartPoleContinuous"));
  CHECK(cart_pole.coordinates() == std::vector<int>{0, 2});
  CHECK(cart_pole.velocities() == std::vector<int>{1, 3});
}

TEST_CASE("mouse drag: the dragged point is placed at the mouse") {
  MouseDrag mouse_drag(*Make("Pendulum-v1"));
  envs::Vector state(2);
  state << 0, 0.7;
  const auto tip = mouse_drag.Nearest(state, {0, 1});
  REQUIRE(tip);
  for (const double angle : {0.5, 2.0, -3.0, std::numbers::pi}) {
    const envs::Vector placed = mouse_drag.Place(state, *tip, {-std::sin(angle), std::cos(angle)});
    CHECK(std::abs(std::remainder(placed[0] - angle, 2 * std::numbers::pi)) < 1e-3);
    CHECK(placed[1] == 0.7);
  }
}

TEST_CASE("mouse drag: a dragged tip accelerates as on a spring of 1 Hz") {
  MouseDrag mouse_drag(*Make("Pendulum-v1"));
  envs::Vector state(2);
  state << 0, 0;  // upright: the tip at (0, 1) moves along x, ẋ = −θ̇
  const auto tip = mouse_drag.Nearest(state, {0, 1});
  REQUIRE(tip);
  const double seconds = 0.05, distance = 0.1;
  const envs::Vector added = mouse_drag.Pull(state, *tip, {distance, 1}, seconds);
  const double spring = 4 * std::numbers::pi * std::numbers::pi;
  CHECK(added[0] == 0);
  CHECK(std::abs(-added[1] / (spring * distance * seconds) - 1) < 1e-3);
}

TEST_CASE("mouse drag: it works for every environment and changes velocities only") {
  for (const std::string& name : envs::Names()) {
    INFO(name);
    const auto environment = Make(name);
    MouseDrag mouse_drag(*environment);
    REQUIRE(!mouse_drag.coordinates().empty());
    const envs::Vector state = environment->State();
    const auto point = mouse_drag.Nearest(state, {0.3, 0.4});
    REQUIRE(point);
    const envs::Vector added = mouse_drag.Pull(state, *point, {1, 2}, 0.01);
    CHECK(added.allFinite());
    for (const int q : mouse_drag.coordinates()) CHECK(added[q] == 0);
    CHECK(mouse_drag.Place(state, *point, {0.5, 0.5}).allFinite());
  }
}

TEST_CASE("state axes: every environment names its states, with ranges of positive width") {
  for (const std::string& name : envs::Names()) {
    INFO(name);
    const auto environment = Make(name);
    const StateAxes axes(*environment);
    REQUIRE(axes.count() == environment->spec().state_size);
    envs::Vector observation(environment->spec().observation_size);
    Rng rng(1);
    environment->Reset(rng, observation);
    const envs::Vector state = environment->State();
    for (int i = 0; i < axes.count(); ++i) {
      CHECK(!axes.axis(i).name.empty());
      CHECK(axes.axis(i).range.low < axes.axis(i).range.high);
    }
    const auto [x, y] = axes.DefaultPair();
    CHECK((x != y || axes.count() == 1));
  }
}

TEST_CASE("state axes: names and units are read from the description") {
  const auto axes = NameStates(Make("Pendulum-v1")->Description(), 2);
  CHECK(axes[0].name == "θ");
  CHECK(axes[0].unit == "rad");
  CHECK(axes[1].name == "θ̇");
  CHECK(axes[1].unit == "rad/s");
  const auto quadrotor = NameStates(
      "\nstate        x, y [m], φ [rad] (0 level, or so), target x,\n"
      "             y [m]\naction a\n",
      5);
  CHECK(quadrotor[0].unit == "m");
  CHECK(quadrotor[2].name == "φ");
  CHECK(quadrotor[3].name == "target x");
  CHECK(quadrotor[4].unit == "m");
}

TEST_CASE("state axes: a turning angle stays in ±π, other values widen their range") {
  StateAxes axes(*Make("Pendulum-v1"));
  CHECK(std::abs(axes.OnAxis(0, 7) - (7 - 2 * std::numbers::pi)) < 1e-12);
  envs::Vector state(2);
  state << 100, 55;
  CHECK(axes.Include(state));
  CHECK(axes.axis(0).range.high == std::numbers::pi);
  CHECK(axes.axis(1).range.high >= 55);
  CHECK(!axes.Include(state));
  const Range before = {axes.axis(1).range.low, axes.axis(1).range.high};
  state << std::nan(""), std::nan("");
  CHECK(!axes.Include(state));
  CHECK(axes.axis(1).range.low == before.low);
  CHECK(axes.axis(1).range.high == before.high);
}

}  // namespace
}  // namespace nabla::viewer
