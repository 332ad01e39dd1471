// Criteria besides the return: the learned gain and cost, compared with the Riccati optimum, and
// the time for which a pole stays upright. Ten seeds each; takes a few minutes.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "agent/training/trainer.h"
#include "config/config.h"
#include "envs/models/linear_quadratic.h"
#include "tests/support/catch.h"

using namespace nabla;
using namespace nabla::agent;

namespace {

constexpr int kSeeds = 10;
constexpr int kEpisodes = 100;

TaskConfig ShippedTask(const std::string& name) {
  auto task = config::ReadFile<TaskConfig>(NABLA_SOURCE_DIR "/config/tasks/" + name);
  task.evaluation.every = 0;
  return task;
}

void Train(Trainer& trainer) {
  const std::atomic<bool> stop = false;
  trainer.Run(stop);
}

// −∂a/∂o at the origin.
envs::Matrix Gain(const Policy& policy) {
  return -policy.Linearize(Vector::Zero(policy.observation_size())).daction_dobservation;
}

// The mean cost of the optimal policy over the start states of Evaluate.
double OptimalCost(const envs::Environment& environment, const envs::Matrix& cost) {
  const VectorEnvironment starts(environment, kEpisodes, 0, "evaluate");
  const envs::Matrix x = starts.observations().cast<double>();
  return (x.transpose() * cost * x).trace() / kEpisodes;
}

// The number of kEpisodes episodes with |θ| < 15° during the last 10 s. θ is observation 0.
int Held(const Trainer& trainer) {
  const envs::Spec& spec = trainer.environment().spec();
  VectorEnvironment copies(trainer.environment(), kEpisodes, 0, "evaluate");
  const Policy& policy = trainer.agent().policy();
  PolicyTape tape = policy.MakeTape(kEpisodes);
  Matrix action(spec.action_size, kEpisodes);
  Rng unused(0);
  std::vector<double> upright(kEpisodes, 0);  // uninterrupted, in s
  while (!copies.ended(0)) {                  // all reach the same limit
    policy.ActNormalized(copies.observations(), Mode::kExploit, unused, tape, action);
    copies.Step(action);
    for (int i = 0; i < kEpisodes; ++i) {
      const double angle = std::fabs(static_cast<double>(copies.NextObservation(i)[0]));
      double& held = upright[static_cast<std::size_t>(i)];
      held = angle < std::numbers::pi / 12 ? held + spec.time_step : 0;
    }
  }
  return static_cast<int>(std::count_if(upright.begin(), upright.end(),
                                        [](double seconds) { return seconds >= 10 - 1e-9; }));
}

}  // namespace

TEST_CASE("linear_quadratic_td3.yaml: cost within 2 %, gain within 5 % of the Riccati optimum",
          "[learning]") {
  const envs::LinearQuadratic environment(envs::LinearQuadratic::UnstableLaplacian());
  const envs::LinearQuadraticOptimum optimum = environment.Optimum();
  envs::EnvironmentConfig whole_episodes;
  whole_episodes.name = "LinearQuadratic";
  const auto evaluation = envs::Make(whole_episodes);
  const double best = OptimalCost(*evaluation, optimum.cost);
  TaskConfig task = ShippedTask("linear_quadratic_td3.yaml");
  int good = 0;
  for (task.seed = 0; task.seed < kSeeds; ++task.seed) {
    Workers workers(1);
    Trainer trainer(task, workers);
    Train(trainer);
    const double cost =
        -Mean(Evaluate(trainer.agent().policy(), *evaluation, kEpisodes, 0, "evaluate").returns);
    const double gain_error =
        (Gain(trainer.agent().policy()) - optimum.gain).norm() / optimum.gain.norm();
    WARN("seed " << task.seed << ": cost " << cost << ", " << 100 * (cost / best - 1)
                 << " % above the optimum; gain off by " << 100 * gain_error << " %");
    CHECK(cost >= best * 0.999);  // nothing is better than the optimum
    good += cost <= 1.02 * best && gain_error <= 0.05;
  }
  CHECK(good >= 9);
}

TEST_CASE("cart_pole_upswing_td3.yaml: the pole stays within 15 degrees for the last 10 s",
          "[learning]") {
  TaskConfig task = ShippedTask("cart_pole_upswing_td3.yaml");
  int held = 0;
  for (task.seed = 0; task.seed < kSeeds; ++task.seed) {
    Workers workers(1);
    Trainer trainer(task, workers);
    Train(trainer);
    const int episodes = Held(trainer);
    WARN("seed " << task.seed << ": held in " << episodes << " of " << kEpisodes << " episodes");
    held += episodes;
  }
  CHECK(held >= 0.95 * kSeeds * kEpisodes);
}
