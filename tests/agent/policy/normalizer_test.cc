// Observation normalisation: the statistics of the training observations, and their use in the
// policy.
#include <atomic>
#include <cmath>
#include <nlohmann/json.hpp>

#include "agent/run/checkpoint.h"
#include "agent/training/trainer.h"
#include "tests/support/allocation_counter.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace nabla;
using namespace nabla::agent;

namespace {

TaskConfig Task(const std::string& algorithm) {
  TaskConfig task;
  task.environment.name = "MountainCarContinuous-v0";  // velocities of a few hundredths
  task.agent.algorithm = DefaultConfig(algorithm);
  task.trainer = {.steps = 400,
                  .warmup_steps = 200,
                  .buffer_size = 1000,
                  .envs = 2,
                  .normalize_observations = true};
  task.evaluation.every = 0;
  return task;
}

void Train(Trainer& trainer) {
  const std::atomic<bool> stop = false;
  trainer.Run(stop);
}

}  // namespace

TEST_CASE("normaliser: mean and variance of all observations, also far from zero", "[agent]") {
  ObservationNormalizer normalizer(2);
  Matrix seen(2, 1000);
  Rng rng(1);
  for (Index i = 0; i < seen.cols(); ++i) {
    seen(0, i) = static_cast<Real>(1000 + 0.5 * rng.Normal());
    seen(1, i) = static_cast<Real>(-0.01 * rng.Uniform());
  }
  normalizer.Observe(seen.leftCols(1));
  for (Index i = 1; i < 1000; i += 3) normalizer.Observe(seen.middleCols(i, 3));
  const Eigen::MatrixXd x = seen.cast<double>();
  const Eigen::VectorXd mean = x.rowwise().mean();
  const Eigen::VectorXd variance = (x.colwise() - mean).rowwise().squaredNorm() / 1000;
  for (Index k = 0; k < 2; ++k) {
    CHECK(static_cast<double>(normalizer.center()[k]) == Approx(mean[k]).epsilon(1e-6));
    CHECK(static_cast<double>(normalizer.scale()[k]) ==
          Approx(1 / std::sqrt(variance[k] + 1e-8)).epsilon(1e-6));
  }
  Matrix normalized = seen;
  normalizer.Apply(normalized);
  CHECK(static_cast<double>(normalized.mean()) == Approx(0).margin(1e-3));
  CHECK(static_cast<double>(normalized.squaredNorm()) / 2000 == Approx(1).epsilon(1e-3));
}

TEST_CASE("normaliser: clips at 10, and is the identity before the first observation", "[agent]") {
  ObservationNormalizer normalizer(1);
  Matrix x = Matrix::Constant(1, 1, 3);
  normalizer.Apply(x);
  REQUIRE(x(0, 0) == 3);
  normalizer.Observe((Matrix(1, 2) << -1, 1).finished());
  x << 12;
  normalizer.Apply(x);
  REQUIRE(x(0, 0) == 10);
  x << -1000;
  normalizer.Apply(x);
  REQUIRE(x(0, 0) == -10);
}

TEST_CASE("normalised policy: its network takes raw observations and gives the same actions",
          "[agent]") {
  for (const AlgorithmEntry& algorithm : Algorithms()) {
    CAPTURE(algorithm.name);
    Workers workers(1);
    Trainer trainer(Task(algorithm.name), workers);
    Train(trainer);
    // The same function at every observation, so the derivatives are those of the policy.
    const Matrix observation =
        (Vector(2) << Real(0.3), Real(0.03)).finished().asDiagonal() * Matrix::Random(2, 200);
    Matrix action(1, 200);
    PolicyTape tape = trainer.agent().policy().MakeTape(200);
    Rng unused(0);
    trainer.agent().policy().ActNormalized(observation, Mode::kExploit, unused, tape, action);
    const nn::Network actor = NetworksOf(trainer.agent())[0].network;
    nn::Tape actor_tape = actor.MakeTape(200);
    const Matrix shown = actor.Evaluate(observation, actor_tape);
    REQUIRE((action - shown).cwiseAbs().maxCoeff() < 1e-4);
    REQUIRE((action.array() - action.mean()).abs().maxCoeff() > 0.01);
  }
}

TEST_CASE("normalised policy: evaluation does not change the statistics", "[agent]") {
  Workers workers(1);
  Trainer trainer(Task("TD3"), workers);
  Train(trainer);
  const auto run = [&] {
    return Evaluate(trainer.agent().policy(), trainer.environment(), 3, 1, "evaluate").returns;
  };
  const Vector before = NetworksOf(trainer.agent())[0].network.parameters();
  const std::vector<double> first = run();
  REQUIRE(run() == first);
  REQUIRE(NetworksOf(trainer.agent())[0].network.parameters() == before);
}

TEST_CASE("normalised policy: a policy checkpoint contains the statistics", "[agent]") {
  const nabla::test::TempFolder folder;
  CheckpointStore store(folder.path() / "checkpoint", CheckpointStore::Access::kWrite);
  Workers workers(1);
  Trainer trained(Task("TD3"), workers), fresh(Task("TD3"), workers);
  Train(trained);
  store.Write(
      CheckpointKind::kBest, 400,
      [&](const StateArchive& archive) { trained.SerializeNetworks(archive); },
      nlohmann::json::object());
  fresh.SerializeNetworks(store.Open("best").archive());
  REQUIRE(NetworksOf(fresh.agent())[0].network.parameters() ==
          NetworksOf(trained.agent())[0].network.parameters());
}

TEST_CASE("normalised policy: a training step allocates nothing", "[agent]") {
  Workers workers(1);
  TaskConfig task = Task("TD3");
  task.environment.name = "Pendulum-v1";
  Trainer trainer(task, workers);
  while (trainer.step() < 410) trainer.Step();
  nabla::test::AllocationCounter counter;
  while (trainer.step() < 580) trainer.Step();
  REQUIRE(counter.count() == 0);
}
