// Steps per second of every environment on one core, with random actions; observation and reward
// are written.
//
//   Step/<name>         one environment through its interface, reset every 200 steps
//   Derivatives/<name>  one call of Derivatives
//   Batch/<name>        256 copies in float (FloatBatch); an item is one step of one copy
//   Vector/<name>       8 copies in double (agent::VectorEnvironment)
//   Pendulum/...        the model compiled for double, and a hand-written step
#include <benchmark/benchmark.h>

#include <cmath>

#include "agent/training/vector_environment.h"
#include "envs/core/float_batch.h"
#include "envs/models/pendulum.h"
#include "envs/registry/environment_config.h"
#include "envs/registry/registry.h"

namespace {

using namespace nabla::envs;
using nabla::Rng;

constexpr int kActions = 64;  // distinct actions, used in turn
constexpr int kEpisode = 200;

std::vector<Vector> RandomActions(const Spec& spec) {
  Rng rng(1, "benchmark");
  std::vector<Vector> actions(kActions, Vector(spec.action_size));
  for (Vector& action : actions) {
    for (int i = 0; i < spec.action_size; ++i) {
      action[i] = rng.Uniform(spec.action_low[i], spec.action_high[i]);
    }
  }
  return actions;
}

void Step(benchmark::State& state, const EnvironmentEntry& entry) {
  const auto environment = entry.make();
  const std::vector<Vector> actions = RandomActions(environment->spec());
  Vector observation(environment->spec().observation_size);
  Rng rng(2, "benchmark");
  environment->Reset(rng, observation);
  std::size_t step = 0;
  for (auto _ : state) {
    const StepResult result = environment->Step(actions[step % kActions], observation);
    benchmark::DoNotOptimize(result.reward);
    benchmark::DoNotOptimize(observation.data());
    if (++step % kEpisode == 0 || result.terminated) environment->Reset(rng, observation);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(step));
}

void Derivatives(benchmark::State& state, const EnvironmentEntry& entry) {
  const auto environment = entry.make();
  const std::vector<Vector> actions = RandomActions(environment->spec());
  const Vector start = environment->State();
  const Differentiable& derivatives = RequireDerivatives(*environment, "the benchmark");
  StepDerivatives out;
  std::size_t step = 0;
  for (auto _ : state) {
    derivatives.Derivatives(start, actions[step++ % kActions], out);
    benchmark::DoNotOptimize(out.dnext_dstate.data());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(step));
}

void Batch(benchmark::State& state, const EnvironmentEntry& entry) {
  constexpr int kCopies = 256;
  const auto batch = entry.make_batch(kCopies, 3);
  const std::vector<Vector> single = RandomActions(batch->spec());
  std::vector<Eigen::MatrixXf> actions(kActions,
                                       Eigen::MatrixXf(batch->spec().action_size, kCopies));
  for (std::size_t k = 0; k < actions.size(); ++k) {
    for (int copy = 0; copy < kCopies; ++copy) {
      const std::size_t other = (k + static_cast<std::size_t>(copy)) % kActions;
      actions[k].col(copy) = single[other].cast<float>();
    }
  }
  BatchResult<float> result;
  batch->Reset(result);
  std::size_t step = 0;
  for (auto _ : state) {
    batch->Step(actions[step++ % kActions], result);
    benchmark::DoNotOptimize(result.observations.data());
    benchmark::DoNotOptimize(result.rewards.data());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(step) * kCopies);
}

void EightCopies(benchmark::State& state, const EnvironmentEntry& entry) {
  constexpr int kCopies = 8;
  EnvironmentConfig config;
  config.name = entry.name;
  agent::VectorEnvironment copies(*Make(config), kCopies, 3, "environment");
  const agent::Matrix actions = agent::Matrix::Random(Make(config)->spec().action_size, kCopies);
  std::int64_t steps = 0;
  for (auto _ : state) {
    copies.Step(actions);
    benchmark::DoNotOptimize(copies.observations().data());
    ++steps;
  }
  state.SetItemsProcessed(steps * kCopies);
}

// Pendulum-v1 written for double only.
struct HandWritten {
  double theta = 1, theta_dot = 0;

  double Step(double action, double* observation) {
    const double u = std::clamp(action, -2.0, 2.0);
    const double angle = WrapAngle(theta);
    const double reward = -(angle * angle + 0.1 * theta_dot * theta_dot + 0.001 * u * u);
    const double acceleration = 15.0 * std::sin(theta) + 3.0 * u;
    theta_dot = std::clamp(theta_dot + acceleration * 0.05, -8.0, 8.0);
    theta += theta_dot * 0.05;
    observation[0] = std::cos(theta);
    observation[1] = std::sin(theta);
    observation[2] = theta_dot;
    return reward;
  }
};

struct FromModel {
  PendulumModel model;
  std::array<double, 2> state = {1, 0};

  double Step(double action, double* observation) {
    const std::array<double, 1> a = {action};
    const std::array<double, 2> next = model.Next(state, a);
    const double reward = model.Reward(state, a, next);
    state = next;
    const std::array<double, 3> o = model.Observe(state);
    std::copy(o.begin(), o.end(), observation);
    return reward;
  }
};

template <class Pendulum>
void PlainStep(benchmark::State& state) {
  Pendulum pendulum;
  const std::vector<Vector> actions = RandomActions(Make("Pendulum-v1")->spec());
  double observation[3];
  std::size_t step = 0;
  for (auto _ : state) {
    const double reward = pendulum.Step(actions[step++ % kActions][0], observation);
    benchmark::DoNotOptimize(reward);
    benchmark::DoNotOptimize(observation);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(step));
}

void RegisterAll() {
  for (const EnvironmentEntry& entry : Registry()) {
    const auto add = [&entry](const std::string& what,
                              void (*run)(benchmark::State&, const EnvironmentEntry&)) {
      benchmark::RegisterBenchmark((what + "/" + entry.name).c_str(),
                                   [run, &entry](benchmark::State& state) { run(state, entry); });
    };
    add("Step", Step);
    if (entry.make()->differentiable() != nullptr) add("Derivatives", Derivatives);
    if (entry.make_batch) add("Batch", Batch);
    add("Vector", EightCopies);
  }
  benchmark::RegisterBenchmark("Pendulum/hand_written", PlainStep<HandWritten>);
  benchmark::RegisterBenchmark("Pendulum/model", PlainStep<FromModel>);
}

}  // namespace

int main(int argc, char** argv) {
  RegisterAll();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
