// Keys and mouse, and their effect on the playback.
#include "apps/viewer/playback/playback.h"

#include <algorithm>
#include <set>

#include "tests/apps/viewer/playback/runs.h"
#include "tests/support/catch.h"

namespace nabla::viewer {
namespace {

struct Fixture {
  test::StillSource source{test::SmallTask()};
  Playback playback{source, {.title = "latest", .synchronous = true}};

  void Press(Key key) {
    playback.Handle(InputEvent::Down(key));
    playback.Handle(InputEvent::Up(key));
  }
  void Mouse(InputEvent::Kind kind, InputEvent::Button button, const Hit& hit) {
    InputEvent event{.kind = kind};
    event.button = button;
    event.hit = hit;
    playback.Handle(event);
  }
  const Scene& Seconds(double seconds) {
    for (int i = 0; i < static_cast<int>(60 * seconds); ++i) playback.Advance(1 / 60.0);
    return playback.scene();
  }
};

TEST_CASE("playback: time passes, stops in a pause, and advances step by step") {
  Fixture fixture;
  fixture.Seconds(1);
  CHECK(std::abs(static_cast<double>(fixture.playback.player().step()) - 20) <= 1);
  fixture.Press(Key::kSpace);
  CHECK(fixture.playback.paused());
  const std::int64_t step = fixture.playback.player().step();
  fixture.Seconds(1);
  CHECK(fixture.playback.player().step() == step);
  CHECK(fixture.playback.scene().status.paused);
  fixture.Press(Key{'N'});
  fixture.Press(Key{'N'});
  CHECK(fixture.playback.player().step() == step + 2);
  fixture.Press(Key::kSpace);
  CHECK(!fixture.playback.paused());
}

TEST_CASE("playback: the speed ranges from ¼× to 16×") {
  Fixture fixture;
  for (int i = 0; i < 9; ++i) fixture.Press(Key::kPlus);
  CHECK(fixture.playback.speed() == 16);
  CHECK(fixture.Seconds(0.1).status.speed == "16×");
  for (int i = 0; i < 9; ++i) fixture.Press(Key::kMinus);
  CHECK(fixture.playback.speed() == 0.25);
  fixture.Press(Key::kBackspace);
  fixture.Seconds(4);
  CHECK(std::abs(static_cast<double>(fixture.playback.player().step()) - 20) <= 1);
  fixture.Press(Key{'1'});
  CHECK(fixture.playback.speed() == 1);
  fixture.Press(Key{'F'});
  CHECK(fixture.playback.speed() == 0);
  fixture.source.training().steps_per_second = 400;  // 20 times real time
  fixture.Press(Key{'0'});
  fixture.Seconds(0.25);
  CHECK(std::abs(static_cast<double>(fixture.playback.player().step()) - 100) <= 10);
}

TEST_CASE("playback: the next episode starts when one has ended") {
  Fixture fixture;
  CHECK(fixture.playback.player().episode() == 1);
  fixture.Press(Key::kBackspace);
  CHECK(fixture.playback.player().episode() == 2);
  const Scene& scene = fixture.Seconds(11);  // 200 steps of 0.05 s, and a moment
  CHECK(fixture.playback.player().episode() == 3);
  CHECK(scene.environments.at(0).episode == 3);
}

TEST_CASE("playback: arrow keys take over, Enter returns control") {
  Fixture fixture;
  fixture.playback.Handle(InputEvent::Down(Key::kLeft));
  const Scene& scene = fixture.Seconds(0.2);
  CHECK(scene.environments.at(0).taken_over);
  CHECK(scene.environments[0].actions.at(0).normalized == -1);
  fixture.playback.Handle(InputEvent::Up(Key::kLeft));
  CHECK(fixture.Seconds(0.2).environments[0].actions[0].normalized == 0);
  fixture.playback.Handle(InputEvent::Down(Key::kUp));
  fixture.playback.Handle({.kind = InputEvent::Kind::kLostFocus});
  CHECK(fixture.Seconds(0.2).environments[0].actions[0].normalized == 0);
  fixture.Press(Key::kEnter);
  CHECK(!fixture.Seconds(0.2).environments[0].taken_over);
}

TEST_CASE("playback: the mouse drags the body and places it") {
  Fixture fixture;
  const Hit hit{true, Panel::kEnvironment, 0, 1, 0};
  fixture.Mouse(InputEvent::Kind::kMouseDown, InputEvent::Button::kLeft, hit);
  CHECK(fixture.playback.player().dragging());
  fixture.Mouse(InputEvent::Kind::kMouseMove, InputEvent::Button::kLeft,
                {true, Panel::kEnvironment, 0, 0, 1});
  CHECK(fixture.Seconds(0.1).environments.at(0).push);
  fixture.Mouse(InputEvent::Kind::kMouseUp, InputEvent::Button::kLeft, {});
  CHECK(!fixture.playback.player().dragging());
  fixture.Mouse(InputEvent::Kind::kMouseDown, InputEvent::Button::kRight,
                {true, Panel::kEnvironment, 0, -1, 0});
  CHECK(fixture.playback.player().step() == 0);
  const double theta = fixture.playback.player().state()[0];  // the rod points to −x
  CHECK(std::abs(std::cos(theta)) < 0.01);
  CHECK(std::sin(theta) > 0.99);
}

TEST_CASE("playback: a click on the map sets the start state") {
  Fixture fixture;
  fixture.Seconds(0.5);
  REQUIRE(fixture.playback.scene().value_map);
  fixture.Mouse(InputEvent::Kind::kMouseDown, InputEvent::Button::kRight,
                {true, Panel::kValueMap, 0, 0.5, -2});
  CHECK(fixture.playback.player().step() == 0);
  CHECK(fixture.playback.player().state()[0] == 0.5);
  CHECK(fixture.playback.player().state()[1] == -2);
  fixture.Press(Key{'0'});
  CHECK(fixture.playback.player().state()[0] == 0.5);
}

TEST_CASE("playback: keys show and hide panels and change the map") {
  Fixture fixture;
  fixture.Press(FunctionKey(4));
  CHECK(!Shows(fixture.playback.scene().panels, Panel::kValueMap));
  fixture.Press(FunctionKey(8));
  CHECK(fixture.playback.scene().panels.all());
  fixture.Press(FunctionKey(8));
  CHECK(fixture.playback.scene().panels.count() == 1);
  CHECK(Shows(fixture.playback.scene().panels, Panel::kEnvironment));
  fixture.Press(FunctionKey(8));
  const std::string before = fixture.Seconds(0.1).value_map->quantity;
  fixture.Press(Key{'M'});
  CHECK(fixture.Seconds(0.1).value_map->quantity != before);
  const bool dark = fixture.playback.scene().dark;
  fixture.Press(Key{'D'});
  CHECK(fixture.playback.scene().dark != dark);
  fixture.Press(FunctionKey(1));
  CHECK(fixture.playback.scene().shows_help);
}

TEST_CASE("playback: keys request screenshots, recordings, pace and quitting") {
  Fixture fixture;
  CHECK(!fixture.playback.TakeScreenshotRequest());
  fixture.Press(FunctionKey(12));
  CHECK(fixture.playback.TakeScreenshotRequest());
  CHECK(!fixture.playback.TakeScreenshotRequest());
  fixture.Press(Key{'R'});
  CHECK(fixture.playback.wants_recording());
  fixture.Press(Key{'T'});
  CHECK(fixture.source.pace() == 20);  // real time
  fixture.Press(Key{'T'});
  CHECK(fixture.source.pace() == 0);
  fixture.Press(Key{'E'});
  CHECK(fixture.playback.player().explores());
  CHECK(!fixture.playback.closed());
  fixture.playback.Handle({.kind = InputEvent::Kind::kClose});
  CHECK(fixture.playback.closed());
}

TEST_CASE("playback: every panel has data, and the same calls give the same scene") {
  Fixture one, two;
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

TEST_CASE("keys: each key has one binding, each command one line in the help") {
  std::set<Key> keys;
  std::set<std::string> explained;
  for (const KeyBinding& binding : Playback::KeyBindings()) {
    CHECK(keys.insert(binding.key).second);
    CHECK(!binding.label.empty());
    CHECK(binding.press != nullptr);
    if (!binding.description.empty()) CHECK(explained.insert(binding.description).second);
  }
  CHECK(Playback::HelpLines()->size() == explained.size() + 2);  // and two for the mouse
}

}  // namespace
}  // namespace nabla::viewer
