// The shipped tasks reach the returns of the README on ten seeds. Takes about half a minute.
#include <algorithm>
#include <atomic>
#include <limits>

#include "agent/training/trainer.h"
#include "config/config.h"
#include "tests/support/catch.h"

using namespace nabla;
using namespace nabla::agent;

namespace {

// The first evaluation with at least a given return.
class FirstToReach : public Observer {
 public:
  explicit FirstToReach(double threshold) : threshold_(threshold) {}
  void OnEvaluation(const EvaluationRecord& record) override {
    if (Mean(record.result.returns) >= threshold_) step = std::min(step, record.step);
  }
  std::int64_t step = std::numeric_limits<std::int64_t>::max();

 private:
  double threshold_;
};

// The return of the final policy of each seed, like `nabla evaluate`: over episodes that were used
// neither in the training nor in its evaluations.
std::vector<double> FinalReturns(const std::string& file, std::uint64_t seeds) {
  auto task = config::ReadFile<TaskConfig>(NABLA_SOURCE_DIR "/config/tasks/" + file);
  task.evaluation.every = 0;
  std::vector<double> returns;
  for (task.seed = 0; task.seed < seeds; ++task.seed) {
    Workers workers(1);
    Trainer trainer(task, workers);
    trainer.Run(std::atomic<bool>(false));
    returns.push_back(Mean(
        Evaluate(trainer.agent().policy(), trainer.environment(), 100, 0, "evaluate").returns));
    WARN(file << ", seed " << task.seed << ": return " << returns.back());
  }
  return returns;
}

}  // namespace

TEST_CASE("pendulum_td3.yaml: return >= -160 in 9 of 10 seeds, by step 5000, never < -200",
          "[learning]") {
  auto task = config::ReadFile<TaskConfig>(NABLA_SOURCE_DIR "/config/tasks/pendulum_td3.yaml");
  int good = 0, early = 0;
  for (task.seed = 0; task.seed < 10; ++task.seed) {
    Workers workers(1);
    Trainer trainer(task, workers);
    FirstToReach reached(-160);
    trainer.AddObserver(reached);
    trainer.Run(std::atomic<bool>(false));
    // Like `nabla evaluate`: episodes that were used neither in the training nor in its
    // evaluations.
    const double final =
        Mean(Evaluate(trainer.agent().policy(), trainer.environment(), 100, 0, "evaluate").returns);
    CAPTURE(task.seed, final, reached.step);
    CHECK(final >= -200);
    good += final >= -160;
    early += reached.step <= 5000;
    WARN("seed " << task.seed << ": return " << final << ", -160 reached at step " << reached.step);
  }
  CHECK(good >= 9);
  CHECK(early >= 9);
}

TEST_CASE("pendulum_sac.yaml: return >= -160 after 2500 steps in most of 10 seeds", "[learning]") {
  const std::vector<double> returns = FinalReturns("pendulum_sac.yaml", 10);
  CHECK(std::count_if(returns.begin(), returns.end(), [](double r) { return r >= -160; }) >= 8);
  CHECK(InterquartileMean(returns) >= -160);
}

// An untrained policy has about -1200. With -400 the pendulum swings up from almost every start
// state.
TEST_CASE("pendulum_tqc.yaml, pendulum_ddpg.yaml: they learn in 2500 steps", "[learning]") {
  for (const char* file : {"pendulum_tqc.yaml", "pendulum_ddpg.yaml"}) {
    CHECK(InterquartileMean(FinalReturns(file, 5)) >= -400);
  }
}

TEST_CASE("pendulum_quick_td3.yaml: return >= -160 in 9 of 10 seeds after 2500 steps",
          "[learning]") {
  const std::vector<double> returns = FinalReturns("pendulum_quick_td3.yaml", 10);
  CHECK(std::count_if(returns.begin(), returns.end(), [](double r) { return r >= -160; }) >= 9);
}
