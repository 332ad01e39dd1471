// Following a run folder: its curves and policies, and what happens when it changes.
#include "apps/viewer/playback/run_follower.h"

#include <filesystem>
#include <thread>

#include "apps/viewer/playback/checkpoint_list.h"
#include "tests/apps/program.h"
#include "tests/support/catch.h"

namespace nabla::viewer {
namespace {

namespace fs = std::filesystem;

template <class Condition>
bool Eventually(const Condition& condition) {
  for (int i = 0; i < 2000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

TEST_CASE("follower: a finished run has its curves and its policy at once") {
  const test::Workplace nabla;
  nabla.Succeed("train task.yaml --quiet --run-dir run");
  RunFollower follower(nabla / "run", "latest");
  const TrainingSnapshot& training = follower.Poll();
  CHECK(training.state == "finished");
  CHECK(training.step == 600);
  REQUIRE(training.policy);
  CHECK(training.policy->step == 600);
  REQUIRE(training.learning_curve);
  CHECK(training.learning_curve->evaluations.size() == 3);
  CHECK(training.learning_curve->evaluations[1].step == 400);
  CHECK(training.learning_curve->episodes.size() == 3);
  CHECK(training.learning_curve->episodes[2].step == 600);
  REQUIRE(training.curves);
  CHECK(training.curves->series.at(0).name == "critic_loss");
  CHECK(training.problem == "");
}

TEST_CASE("follower: a run that goes on is followed") {
  const test::Workplace nabla;
  nabla.Succeed("train task.yaml --quiet --run-dir run");
  RunFollower follower(nabla / "run", "latest");
  nabla.Succeed("resume run --quiet --steps 1200");
  CHECK(Eventually([&] {
    const TrainingSnapshot& training = follower.Poll();
    return training.step == 1200 && training.policy->step == 1200 &&
           training.learning_curve->evaluations.size() == 6;
  }));
}

TEST_CASE("follower: what was read of a deleted run folder stays") {
  const test::Workplace nabla;
  nabla.Succeed("train task.yaml --quiet --run-dir run");
  RunFollower follower(nabla / "run", "best");
  fs::remove_all(nabla / "run");
  CHECK(Eventually([&] { return follower.Poll().state == "deleted"; }));
  CHECK(follower.Poll().policy);
  CHECK(follower.Poll().learning_curve->evaluations.size() == 3);
  CHECK(follower.Poll().problem != "");
}

TEST_CASE("follower: a folder without a run is refused") {
  const test::Workplace nabla;
  CHECK_THROWS_AS(RunFollower(nabla / "nothing", "latest"), agent::InputError);
  nabla.Succeed("train task.yaml --quiet --run-dir run");
  CHECK_THROWS_AS(RunFollower(nabla / "run", "12345"), agent::InputError);
}

TEST_CASE("checkpoint list: best and kept checkpoints are read on request") {
  const test::Workplace nabla;
  nabla.Succeed("train task.yaml --quiet --run-dir run");
  const agent::RunPaths run = agent::FindRun(nabla / "run");
  RunFollower follower(nabla / "run", "latest");
  CheckpointList checkpoints(run, follower.config());
  CHECK(Eventually([&] {
    return checkpoints.Names() == std::vector<std::string>{"best", "250", "500"};
  }));
  CHECK(Eventually([&] { return checkpoints.Get("250") != nullptr; }));
  CHECK(checkpoints.Get("250")->step == 250);
  fs::remove_all(nabla / "run");
  CHECK(Eventually([&] { return checkpoints.Names().empty(); }));
  CHECK(checkpoints.Get("250") != nullptr);
}

}  // namespace
}  // namespace nabla::viewer
