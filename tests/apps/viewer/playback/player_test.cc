// The player: interpolation between steps, time, and what the user does to an episode.
#include "apps/viewer/playback/player.h"

#include "tests/apps/viewer/playback/runs.h"
#include "tests/support/catch.h"

namespace nabla::viewer {
namespace {

constexpr double kStep = 0.05;  // s, of the pendulum

class TestPlayer : public Player {
 public:
  explicit TestPlayer(std::uint64_t seed = 0) : Player(test::SmallTask(), seed) {
    SetPolicy(test::UntrainedPolicy(test::SmallTask()));
  }
};

TEST_CASE("player: the drawn state is interpolated between the last two steps") {
  TestPlayer player;
  player.Advance(kStep, 100);
  const envs::Vector first = player.state();
  player.Advance(0.25 * kStep, 100);
  const envs::Vector second = player.state();
  REQUIRE(second != first);
  CHECK((player.Interpolated() - (0.75 * first + 0.25 * second)).norm() < 1e-9);
  player.Advance(0.75 * kStep, 100);
  CHECK(player.state() == second);
  CHECK((player.Interpolated() - second).norm() < 1e-9);
  player.StepOnce();
  CHECK(player.Interpolated() == player.state());
}

TEST_CASE("player: simulated time does not depend on the frame rate") {
  TestPlayer often;
  TestPlayer seldom;
  for (int i = 0; i < 128; ++i) often.Advance(1 / 128.0, 100);
  seldom.Advance(1, 100);
  CHECK(often.step() == seldom.step());
  CHECK(often.state() == seldom.state());
  CHECK(std::abs(often.time() - 1) < 1e-6);
}

TEST_CASE("player: a seed determines the episode, and Restart repeats it bit for bit") {
  TestPlayer player(3);
  TestPlayer same(3);
  TestPlayer other(4);
  CHECK(player.state() == same.state());
  CHECK(player.state() != other.state());
  player.Advance(2, 1000);
  const envs::Vector state = player.state();
  const double total_reward = player.total_reward();
  player.Restart();
  CHECK(player.step() == 0);
  player.Advance(2, 1000);
  CHECK(player.state() == state);
  CHECK(player.total_reward() == total_reward);
}

TEST_CASE("player: an episode ends at its limit, and time stops there") {
  TestPlayer player;
  player.Advance(1000, 100'000);
  CHECK(player.ended());
  CHECK(player.step() == 200);
  player.Advance(1000, 100'000);
  CHECK(player.step() == 200);
  player.Reset();
  CHECK(player.step() == 0);
  CHECK(player.episode() == 2);
}

TEST_CASE("player: the action of the keyboard is applied until it is released") {
  TestPlayer player;
  player.TakeOver(agent::Vector::Constant(1, 1));
  player.Advance(3 * kStep, 100);
  EnvironmentView view = player.View();
  CHECK(view.taken_over);
  CHECK(view.actions.at(0).value == 2);  // N m, the largest
  player.Release();
  player.StepOnce();
  view = player.View();
  CHECK(!view.taken_over);
  CHECK(view.actions.at(0).value != 2);
}

TEST_CASE("player: a drag moves the body, and its steps are not recorded") {
  TestPlayer dragged;
  TestPlayer free;
  REQUIRE(dragged.BeginDrag({0, 1}));
  dragged.DragTo({2, 0});
  dragged.Advance(5 * kStep, 100);
  free.Advance(5 * kStep, 100);
  CHECK(dragged.state() != free.state());
  CHECK(dragged.transitions().count == 0);
  CHECK(free.transitions().count == free.step());
  CHECK(dragged.View().push);
  dragged.EndDrag();
  CHECK(!dragged.View().push);
  dragged.StepOnce();
  CHECK(dragged.transitions().count == 1);
}

TEST_CASE("player: exploration adds noise to the action of the policy") {
  TestPlayer player;
  player.Explore(true);
  TestPlayer quiet;
  player.Advance(20 * kStep, 100);
  quiet.Advance(20 * kStep, 100);
  CHECK(player.View().explores);
  CHECK(player.state() != quiet.state());
}

}  // namespace
}  // namespace nabla::viewer
