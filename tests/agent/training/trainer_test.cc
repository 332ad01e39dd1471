// The trainer: the transitions that it stores, the random actions of the warm-up, the number of
// updates, and separate start states for training and evaluation.
#include <atomic>
#include <cmath>
#include <limits>
#include <set>

#include "agent/training/trainer.h"
#include "tests/support/catch.h"

using namespace nabla;
using namespace nabla::agent;

namespace {

TaskConfig Task(int envs, double updates_per_step) {
  TaskConfig task;
  Td3Config small;
  small.actor.hidden = small.critic.hidden = {8};
  small.batch_size = 8;
  task.agent.algorithm = small;
  task.trainer = {.steps = 2000,
                  .warmup_steps = 1000,
                  .updates_per_step = updates_per_step,
                  .buffer_size = 4000,
                  .envs = envs};
  return task;
}

}  // namespace

TEST_CASE("vector environment: at the end of an episode the next observation is the true last one",
          "[agent]") {
  envs::EnvironmentConfig config;
  config.name = "Pendulum-v1";
  const auto environment = envs::Make(config);
  VectorEnvironment copies(*environment, 2, 3, "test");
  const Matrix action = (Matrix(1, 2) << Real(0.5), Real(-1)).finished();
  const double own_action[] = {1, -2};  // bounds ±2
  for (int step = 0; step < 450; ++step) {
    const Matrix before = copies.observations();
    copies.Step(action);
    for (Index copy = 0; copy < 2; ++copy) {
      // The observation contains the state, rounded to float.
      const auto twin = environment->Clone();
      const double theta =
          std::atan2(static_cast<double>(before(1, copy)), static_cast<double>(before(0, copy)));
      twin->SetState((envs::Vector(2) << theta, static_cast<double>(before(2, copy))).finished());
      envs::Vector next(3);
      const auto result = twin->Step(envs::Vector::Constant(1, own_action[copy]), next);
      CAPTURE(step, copy);
      REQUIRE((copies.NextObservation(copy).cast<double>() - next).norm() < 1e-5);
      REQUIRE(copies.reward(copy) == Approx(result.reward).margin(1e-4));
      REQUIRE(!copies.terminated(copy));
      REQUIRE(copies.ended(copy) == ((step + 1) % 200 == 0));
      // The observation for the next action is that of a new episode.
      const double jump =
          (copies.observations().col(copy) - copies.NextObservation(copy)).cast<double>().norm();
      REQUIRE((jump > 1e-3) == copies.ended(copy));
    }
  }
}

TEST_CASE("trainer: no update and uniform actions during the warm-up", "[agent]") {
  Workers workers(1);
  Trainer trainer(Task(1, 1), workers);
  double sum = 0, squares = 0;
  for (int step = 0; step < 1000; ++step) {
    REQUIRE(trainer.updates() == 0);
    trainer.Step();
    const double a = static_cast<double>(trainer.actions()(0, 0));
    sum += a, squares += a * a;
  }
  CHECK(sum / 1000 == Approx(0).margin(0.06));
  CHECK(squares / 1000 == Approx(1.0 / 3).margin(0.03));
}

TEST_CASE("trainer: updates per step are as configured for any number of environments", "[agent]") {
  for (const int envs : {1, 3}) {
    for (const double ratio : {0.0, 0.25, 1.0, 2.5}) {
      Workers workers(1);
      Trainer trainer(Task(envs, ratio), workers);
      while (trainer.step() < 1000) trainer.Step();
      const auto first = static_cast<double>(trainer.updates());
      const std::int64_t start = trainer.step();
      for (int i = 0; i < 60; ++i) trainer.Step();
      const auto steps = static_cast<double>(trainer.step() - start);
      CAPTURE(envs, ratio);
      CHECK(static_cast<double>(trainer.updates()) - first == Approx(ratio * steps).margin(1));
    }
  }
}

TEST_CASE("trainer: its step limit truncates training episodes, not those of an evaluation",
          "[agent]") {
  class Watcher : public Observer {
   public:
    void OnEpisode(const EpisodeRecord& record) override { training.insert(record.length); }
    void OnEvaluation(const EvaluationRecord& record) override {
      evaluation.insert(record.result.lengths.begin(), record.result.lengths.end());
    }
    std::set<std::int64_t> training;
    std::set<double> evaluation;
  };
  TaskConfig task = Task(1, 0);
  task.environment.action_repeat = 2;
  task.trainer.step_limit = 50;
  Workers workers(1);
  Trainer trainer(task, workers);
  Watcher seen;
  trainer.AddObserver(seen);
  for (int step = 0; step < 200; ++step) trainer.Step();
  trainer.RunEvaluation(false);
  CHECK(seen.training == std::set<std::int64_t>{25});
  CHECK(seen.evaluation == std::set<double>{100});
}

TEST_CASE("trainer: training, evaluation and evaluate start from different states", "[agent]") {
  const TaskConfig task = Task(1, 1);
  const auto environment = envs::Make(task.environment);
  std::set<double> angles;
  for (const char* stream : {"environment", "evaluation", "evaluate"}) {
    const VectorEnvironment copies(*environment, 20, task.seed, stream);
    for (Index i = 0; i < 20; ++i) angles.insert(static_cast<double>(copies.observations()(0, i)));
  }
  CHECK(angles.size() == 60);
}

TEST_CASE("trainer: the stored action is the one that the environment executed", "[agent]") {
  // The columns of the replay buffer, in their order.
  class Columns : public StateBackend {
   public:
    bool restoring() const override { return false; }
    void Tensor(const std::string& name, TensorFile, const TensorSlot& slot) override {
      if (name != "replay.0.columns") return;
      data =
          Eigen::Map<const Matrix>(reinterpret_cast<const Real*>(slot.data), slot.rows, slot.cols);
    }
    void Scalar(const std::string&, Section, const ScalarSlot&) override {}
    Matrix data;  // [o | a | reward | flag]
  };
  TaskConfig task = Task(1, 1);
  task.environment.name = "Pendulum-v1";
  task.trainer.warmup_steps = 20;
  std::get<Td3Config>(task.agent.algorithm).exploration = {GaussianNoise{.sigma = 2}};
  Workers workers(1);
  Trainer trainer(task, workers);
  while (trainer.step() < 400) trainer.Step();
  Columns columns;
  trainer.Serialize(StateArchive(columns));

  // The observation contains the state, so the stored action must lead to the stored successor.
  const auto twin = trainer.environment().Clone();
  const ActionBounds bounds(twin->spec());
  int clipped = 0, checked = 0;
  for (Index t = 0; t + 1 < columns.data.cols(); ++t) {
    const Eigen::VectorXd column = columns.data.col(t).cast<double>();
    if (column[5] < 0) continue;  // no transition starts here
    twin->SetState((envs::Vector(2) << std::atan2(column[1], column[0]), column[2]).finished());
    envs::Vector next(3);
    const auto result = twin->Step(bounds.ToEnvironment(columns.data.col(t).segment(3, 1)), next);
    CAPTURE(t);
    REQUIRE((columns.data.col(t + 1).head(3).cast<double>() - next).norm() < 1e-4);
    REQUIRE(column[4] == Approx(result.reward).margin(1e-3));
    clipped += std::fabs(column[3]) == 1;
    ++checked;
  }
  CHECK(checked == 400);
  CHECK(clipped > 200);  // most of the noise is beyond the bounds
}

// The moments of Adam for a unit that is dead decay to denormal numbers, which are slow.
TEST_CASE("trainer: denormal numbers are flushed in a step, and only there", "[agent]") {
  class Probe : public Observer {
   public:
    void OnEpisode(const EpisodeRecord&) override { in_step = Half(); }
    void OnStep(std::int64_t) override { after_step = Half(); }
    static float Half() {
      volatile float smallest = std::numeric_limits<float>::min();
      return smallest / 2;
    }
    float in_step = -1, after_step = -1;
  };
  TaskConfig task = Task(1, 1);
  task.trainer.steps = 200;
  Workers workers(1);
  Trainer trainer(task, workers);
  Probe probe;
  trainer.AddObserver(probe);
  std::atomic<bool> stop = false;
  trainer.Run(stop);
  CHECK(probe.in_step == 0);
  CHECK(probe.after_step > 0);
}
