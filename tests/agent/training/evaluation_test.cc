// The statistics of an evaluation, and the independence of its episodes.
#include "agent/training/evaluation.h"

#include <atomic>
#include <set>

#include "agent/training/trainer.h"
#include "tests/support/catch.h"

using namespace nabla;
using namespace nabla::agent;

TEST_CASE("evaluation: the statistics of known numbers", "[agent]") {
  const std::vector<double> values = {8, 1, 2, 3, 4, 5, 6, 100};
  REQUIRE(Mean(values) == Approx(16.125));
  REQUIRE(InterquartileMean(values) == Approx(4.5));         // of 3, 4, 5, 6
  REQUIRE(InterquartileMean({1, 2, 3, 4, 5}) == Approx(3));  // a quarter of 5, rounded down, is 1
  REQUIRE(InterquartileMean({1, 2, 30}) == Approx(11));      // a quarter of 3, rounded down, is 0
  REQUIRE(StandardDeviation({1, 3}) == Approx(1));
  REQUIRE(Minimum(values) == 1);
  REQUIRE(Maximum(values) == 100);
}

TEST_CASE("evaluation: an episode is the same alone and among others", "[agent]") {
  TaskConfig task;
  Workers workers(1);
  const Trainer trainer(task, workers);
  const EvaluationResult many =
      Evaluate(trainer.agent().policy(), trainer.environment(), 7, 5, "evaluate");
  const EvaluationResult two =
      Evaluate(trainer.agent().policy(), trainer.environment(), 2, 5, "evaluate");
  const EvaluationResult other =
      Evaluate(trainer.agent().policy(), trainer.environment(), 2, 6, "evaluate");
  REQUIRE(two.returns == std::vector<double>(many.returns.begin(), many.returns.begin() + 2));
  REQUIRE(two.returns != other.returns);
  REQUIRE(many.lengths == std::vector<double>(7, 200));
}

TEST_CASE("evaluation: many episodes are played in groups, and a stop ends them", "[agent]") {
  TaskConfig task;
  Td3Config td3;
  td3.actor.hidden = td3.critic.hidden = {8};
  task.agent.algorithm = td3;
  task.environment.step_limit = 20;
  Workers workers(1);
  const Trainer trainer(task, workers);
  const auto play = [&](int episodes) {
    return Evaluate(trainer.agent().policy(), trainer.environment(), episodes, 5, "evaluate");
  };
  const EvaluationResult all = play(600), some = play(300);
  REQUIRE(all.lengths == std::vector<double>(600, 20));
  REQUIRE(some.returns == std::vector<double>(all.returns.begin(), all.returns.begin() + 300));
  REQUIRE(std::set<double>(all.returns.begin(), all.returns.end()).size() == 600);
  std::atomic<bool> stop = true;
  REQUIRE(!EvaluateUnlessStopped(trainer.agent().policy(), trainer.environment(), 1'000'000'000, 5,
                                 "evaluate", stop));
}
