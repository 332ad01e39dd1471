// Scripts of keys and mouse, and the state that they lead to.
#include "apps/viewer/playback/stage.h"

#include <algorithm>
#include <set>

#include "tests/apps/viewer/playback/runs.h"
#include "tests/support/catch.h"

namespace nabla::viewer {
namespace {

struct Theatre {
  test::StillSource source{test::SmallTask()};
  Stage stage{source, {.title = "latest", .synchronous = true}};

  void Press(Key key) {
    stage.Handle(Event::Down(key));
    stage.Handle(Event::Up(key));
  }
  void Mouse(Event::Kind kind, Event::Button button, const Hit& hit) {
    Event event{.kind = kind};
    event.button = button;
    event.hit = hit;
    stage.Handle(event);
  }
  const Scene& Seconds(double seconds) {
    for (int i = 0; i < static_cast<int>(60 * seconds); ++i) stage.Advance(1 / 60.0);
    return stage.scene();
  }
};

TEST_CASE("stage: time flows, stands still in a pause, and goes on step by step") {
  Theatre theatre;
  theatre.Seconds(1);
  CHECK(std::abs(static_cast<double>(theatre.stage.player().step()) - 20) <= 1);
  theatre.Press(Key::kSpace);
  CHECK(theatre.stage.paused());
  const std::int64_t step = theatre.stage.player().step();
  theatre.Seconds(1);
  CHECK(theatre.stage.player().step() == step);
  CHECK(theatre.stage.scene().status.paused);
  theatre.Press(Key::kN);
  theatre.Press(Key::kN);
  CHECK(theatre.stage.player().step() == step + 2);
  theatre.Press(Key::kSpace);
  CHECK(!theatre.stage.paused());
}

TEST_CASE("stage: the speed goes from a quarter to sixteen times") {
  Theatre theatre;
  for (int i = 0; i < 9; ++i) theatre.Press(Key::kPlus);
  CHECK(theatre.stage.speed() == 16);
  CHECK(theatre.Seconds(0.1).status.speed == "16×");
  for (int i = 0; i < 9; ++i) theatre.Press(Key::kMinus);
  CHECK(theatre.stage.speed() == 0.25);
  theatre.Press(Key::kBackspace);
  theatre.Seconds(4);
  CHECK(std::abs(static_cast<double>(theatre.stage.player().step()) - 20) <= 1);
  theatre.Press(Key::k1);
  CHECK(theatre.stage.speed() == 1);
  theatre.Press(Key::kF);
  CHECK(theatre.stage.speed() == 0);
  theatre.source.training().steps_per_second = 400;  // 20 times real time
  theatre.Press(Key::k0);
  theatre.Seconds(0.25);
  CHECK(std::abs(static_cast<double>(theatre.stage.player().step()) - 100) <= 10);
}

TEST_CASE("stage: an episode that has ended makes room for the next one") {
  Theatre theatre;
  CHECK(theatre.stage.player().episode() == 1);
  theatre.Press(Key::kBackspace);
  CHECK(theatre.stage.player().episode() == 2);
  const Scene& scene = theatre.Seconds(11);  // 200 steps of 0.05 s, and a moment
  CHECK(theatre.stage.player().episode() == 3);
  CHECK(std::isfinite(scene.environments.at(0).last_return));
}

TEST_CASE("stage: arrow keys take over, Enter gives back") {
  Theatre theatre;
  theatre.stage.Handle(Event::Down(Key::kLeft));
  const Scene& scene = theatre.Seconds(0.2);
  CHECK(scene.environments.at(0).taken_over);
  CHECK(scene.environments[0].actions.at(0).normalized == -1);
  theatre.stage.Handle(Event::Up(Key::kLeft));
  CHECK(theatre.Seconds(0.2).environments[0].actions[0].normalized == 0);
  theatre.stage.Handle(Event::Down(Key::kUp));
  theatre.stage.Handle({.kind = Event::Kind::kLostFocus});
  CHECK(theatre.Seconds(0.2).environments[0].actions[0].normalized == 0);
  theatre.Press(Key::kEnter);
  CHECK(!theatre.Seconds(0.2).environments[0].taken_over);
}

TEST_CASE("stage: the mouse pushes the body, and places it") {
  Theatre theatre;
  const Hit hit{true, Panel::kEnvironment, 0, 1, 0};
  theatre.Mouse(Event::Kind::kMouseDown, Event::Button::kLeft, hit);
  CHECK(theatre.stage.player().grabbed());
  theatre.Mouse(Event::Kind::kMouseMove, Event::Button::kLeft,
                {true, Panel::kEnvironment, 0, 0, 1});
  CHECK(theatre.Seconds(0.1).environments.at(0).pushes.size() == 1);
  theatre.Mouse(Event::Kind::kMouseUp, Event::Button::kLeft, {});
  CHECK(!theatre.stage.player().grabbed());
  theatre.Mouse(Event::Kind::kMouseDown, Event::Button::kRight,
                {true, Panel::kEnvironment, 0, -1, 0});
  CHECK(theatre.stage.player().step() == 0);
  const double theta = theatre.stage.player().state()[0];  // the rod points to −x
  CHECK(std::abs(std::cos(theta)) < 0.01);
  CHECK(std::sin(theta) > 0.99);
}

TEST_CASE("stage: a place on the map is a start state") {
  Theatre theatre;
  theatre.Seconds(0.5);
  REQUIRE(theatre.stage.scene().value_map);
  theatre.Mouse(Event::Kind::kMouseDown, Event::Button::kRight,
                {true, Panel::kValueMap, 0, 0.5, -2});
  CHECK(theatre.stage.player().step() == 0);
  CHECK(theatre.stage.player().state()[0] == 0.5);
  CHECK(theatre.stage.player().state()[1] == -2);
  theatre.Press(Key::k0);
  CHECK(theatre.stage.player().state()[0] == 0.5);
}

TEST_CASE("stage: keys show and hide, and change what the map shows") {
  Theatre theatre;
  theatre.Press(Key::kF4);
  CHECK(!Shows(theatre.stage.scene().panels, Panel::kValueMap));
  theatre.Press(Key::kF8);
  CHECK(theatre.stage.scene().panels.all());
  theatre.Press(Key::kF8);
  CHECK(theatre.stage.scene().panels.count() == 1);
  CHECK(Shows(theatre.stage.scene().panels, Panel::kEnvironment));
  theatre.Press(Key::kF8);
  const std::string before = theatre.Seconds(0.1).value_map->quantity;
  theatre.Press(Key::kM);
  CHECK(theatre.Seconds(0.1).value_map->quantity != before);
  const bool dark = theatre.stage.scene().dark;
  theatre.Press(Key::kD);
  CHECK(theatre.stage.scene().dark != dark);
  theatre.Press(Key::kF1);
  CHECK(theatre.stage.scene().shows_help);
}

TEST_CASE("stage: pictures, recordings, pace and the end are asked for") {
  Theatre theatre;
  CHECK(!theatre.stage.TakeScreenshotRequest());
  theatre.Press(Key::kF12);
  CHECK(theatre.stage.TakeScreenshotRequest());
  CHECK(!theatre.stage.TakeScreenshotRequest());
  theatre.Press(Key::kR);
  CHECK(theatre.stage.wants_recording());
  theatre.Press(Key::kT);
  CHECK(theatre.source.pace() == 20);  // real time
  theatre.Press(Key::kT);
  CHECK(theatre.source.pace() == 0);
  theatre.Press(Key::kE);
  CHECK(theatre.stage.player().explores());
  CHECK(!theatre.stage.closed());
  theatre.stage.Handle({.kind = Event::Kind::kClose});
  CHECK(theatre.stage.closed());
}

TEST_CASE("stage: all that the panels show is there, and the same calls give the same scene") {
  Theatre one, two;
  const Scene& a = one.Seconds(1);
  const Scene& b = two.Seconds(1);
  REQUIRE(a.value_map);
  REQUIRE(a.action_slice);
  REQUIRE(a.network);
  REQUIRE(a.action_histogram);
  REQUIRE(a.training);
  CHECK(!a.training->residuals.empty());
  CHECK(a.value_map->values == b.value_map->values);
  CHECK(a.action_slice->dimensions[0].q == b.action_slice->dimensions[0].q);
  CHECK(a.map_track.points == b.map_track.points);
  CHECK(a.environments[0].total_reward == b.environments[0].total_reward);
}

TEST_CASE("keys: each key has one meaning, each command one line in the help") {
  std::set<Key> keys;
  std::set<Command> explained;
  for (const KeyBinding& binding : KeyBindings()) {
    CHECK(keys.insert(binding.key).second);
    CHECK(!binding.shown.empty());
    if (!binding.meaning.empty()) CHECK(explained.insert(binding.command).second);
  }
  CHECK(HelpLines()->size() == explained.size() + 2);  // and the two of the mouse
}

}  // namespace
}  // namespace nabla::viewer
