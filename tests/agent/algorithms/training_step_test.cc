// A training step allocates nothing, for every algorithm.
#include <atomic>

#include "agent/training/trainer.h"
#include "tests/support/allocation_counter.h"
#include "tests/support/catch.h"

using namespace nabla;
using namespace nabla::agent;

TEST_CASE("training step: no heap allocation, any number of threads", "[agent]") {
  for (const AlgorithmEntry& algorithm : Algorithms()) {
    for (const int threads : {1, 2}) {
      CAPTURE(algorithm.name, threads);
      TaskConfig task;
      task.agent.algorithm = DefaultConfig(algorithm.name);
      task.trainer = {.steps = 10'000, .warmup_steps = 300, .buffer_size = 500, .envs = 2};
      Workers workers(threads);
      Trainer trainer(task, workers);
      while (trainer.step() < 420) trainer.Step();  // past the warm-up and the end of an episode
      nabla::test::AllocationCounter counter;
      while (trainer.step() < 580) trainer.Step();  // before the next end
      REQUIRE(counter.count() == 0);
      REQUIRE(trainer.updates() > 200);
    }
  }
}

TEST_CASE("training step: no heap allocation with n-step returns and priorities", "[agent]") {
  TaskConfig task;
  task.trainer = {.steps = 10'000, .warmup_steps = 300, .buffer_size = 500, .envs = 2, .n_step = 3};
  task.trainer.priority.alpha = 0.6;
  Workers workers(1);
  Trainer trainer(task, workers);
  while (trainer.step() < 420) trainer.Step();
  nabla::test::AllocationCounter counter;
  while (trainer.step() < 580) trainer.Step();
  REQUIRE(counter.count() == 0);
}

TEST_CASE("training step: a tensor that is not finite is named", "[agent]") {
  TaskConfig task;
  Td3Config config;
  config.critic_learning_rate = 1e30;
  task.agent.algorithm = config;
  task.trainer = {.steps = 10'000, .warmup_steps = 50, .buffer_size = 500};
  Workers workers(1);
  Trainer trainer(task, workers);
  const std::atomic<bool> stop = false;
  REQUIRE_THROWS_WITH(trainer.Run(stop), nabla::test::ContainsText("diverged at step 5") &&
                                             nabla::test::ContainsText("critic"));
}
