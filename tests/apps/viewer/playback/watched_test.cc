// A watched training has the bits of one that is not watched.
#include <thread>

#include "agent/run/recorder.h"
#include "apps/viewer/playback/in_process_training.h"
#include "apps/viewer/playback/playback.h"
#include "apps/viewer/playback/run_follower.h"
#include "apps/viewer/playback/threads.h"
#include "tests/apps/program.h"
#include "tests/apps/viewer/playback/runs.h"
#include "tests/support/catch.h"

namespace nabla::viewer {
namespace {

// The task of test::Workplace, trained in this process and watched.
void TrainWatched(const agent::TaskConfig& config, const std::filesystem::path& path) {
  agent::Workers workers(1);
  agent::Trainer trainer(config, workers);
  agent::RunFolder folder = agent::RunFolder::CreateAt(path);
  agent::Recorder recorder(trainer, folder);
  agent::WriteFileAtomically(folder.paths().config(), "");
  folder.Start({}, 0);
  recorder.Begin();
  TrainingFeed feed(trainer);
  trainer.AddObserver(recorder);
  trainer.AddObserver(feed);
  std::atomic<bool> stop = false;
  const auto train = [&] {
    trainer.Run(stop);
    recorder.WriteCheckpoint();
    if (!trainer.EvaluatedNow()) trainer.RunEvaluation(false);
    return 0;
  };
  InProcessTraining training(feed, config, folder.paths(),
                             {.train = train, .stop = [&] { stop = true; }});
  Playback playback(training, {.title = "now"});
  // Use everything while it trains.
  playback.Handle(InputEvent::Down(Key{'E'}));
  playback.Handle(InputEvent::Down(Key{'F'}));
  for (int i = 0; !training.done(); ++i) {
    if (i % 7 == 0) playback.Handle(InputEvent::Down(Key::kBackspace));
    if (i % 11 == 0) playback.Handle(InputEvent::Down(Key{'M'}));
    InputEvent push{.kind = InputEvent::Kind::kMouseDown};
    push.hit = {true, Panel::kEnvironment, 0, 0.5, 0.5};
    playback.Handle(push);
    playback.Advance(1 / 60.0);
  }
  const TrainingSnapshot& seen = training.Poll();
  CHECK(training.Finish() == 0);
  CHECK(seen.step == config.trainer.steps);
  REQUIRE(seen.policy);
  CHECK(seen.policy->step == config.trainer.steps);
  REQUIRE(seen.learning_curve);
  CHECK(seen.learning_curve->evaluations.size() == 20);
}

TEST_CASE("watched: the bits are those of a training that is not watched") {
  const test::Workplace nabla;
  const std::string steps = " --set trainer.steps=4000 --set evaluation.every=200";
  nabla.Succeed("train task.yaml --quiet --run-dir alone" + steps);
  const RunFollower alone(nabla / "alone", "latest");
  TrainWatched(alone.config(), nabla / "watched");
  CHECK(test::Fingerprint(nabla / "watched") == test::Fingerprint(nabla / "alone"));
}

TEST_CASE("watched: a paced training keeps its pace and can be stopped") {
  const agent::TaskConfig config = test::SmallTask();
  agent::Workers workers(1);
  agent::Trainer trainer(config, workers);
  TrainingFeed feed(trainer);
  trainer.AddObserver(feed);
  feed.SetPace(500);
  std::atomic<bool> stop = false;
  const auto start = std::chrono::steady_clock::now();
  InProcessTraining training(
      feed, config, {"/nowhere"},
      {.train = [&] { return static_cast<int>(trainer.Run(stop)); }, .stop = [&] { stop = true; }});
  while (feed.step() < 100) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  CHECK(std::chrono::steady_clock::now() - start > std::chrono::milliseconds(150));
  training.Finish();
  CHECK(trainer.step() < 600);
}

TEST_CASE("watched: the error of a failed training is shown, and thrown by Finish") {
  const agent::TaskConfig config = test::SmallTask();
  agent::Workers workers(1);
  agent::Trainer trainer(config, workers);
  TrainingFeed feed(trainer);
  InProcessTraining training(
      feed, config, {"/nowhere"},
      {.train = []() -> int { throw std::runtime_error("diverged"); }, .stop = [] {}});
  while (!training.done()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  CHECK(training.Poll().state == "failed");
  CHECK(training.Poll().problem == "diverged");
  CHECK_THROWS_AS(training.Finish(), std::runtime_error);
}

// A thread for which the system has no room.
struct RefusedThread {
  explicit RefusedThread(const std::function<void()>& /*work*/) {
    throw std::system_error(EAGAIN, std::generic_category());
  }
};

TEST_CASE("threads: one that cannot start is one line that says what to do") {
  CHECK_THROWS_WITH(
      StartThread<RefusedThread>([] {}),
      nabla::test::ContainsText("cannot start a thread") && nabla::test::ContainsText("ulimit"));
}

}  // namespace
}  // namespace nabla::viewer
