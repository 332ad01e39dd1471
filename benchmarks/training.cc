// Environment steps with one update a second, as `nabla train` takes them (Pendulum-v1, TD3).
//
// The counter `peak_share` is the floating-point work of the matrix products over the peak of the
// core, measured in the same process.
#include <benchmark/benchmark.h>

#include "agent/trainer.h"
#include "benchmarks/peak.h"

namespace {

using namespace nabla;
using namespace nabla::agent;

// Multiply-adds of the matrix products of one network of two equal hidden layers, a sample.
double Macs(int in, int width, int out) {
  return static_cast<double>(in) * width + static_cast<double>(width) * width +
         static_cast<double>(width) * out;
}

// 2 · multiply-adds of one TD3 update; a backward pass in θ costs a forward one, one in x as well,
// and the first layer needs none in x. The actor's part comes every second update.
double FlopsOfUpdate(int width, int batch) {
  constexpr int kObservation = 3, kAction = 1;
  const double actor = Macs(kObservation, width, kAction);
  const double critic = Macs(kObservation + kAction, width, 1);
  const double actor_first = static_cast<double>(kObservation) * width;
  const double critic_first = static_cast<double>(kObservation + kAction) * width;
  const double targets = actor + 2 * critic;
  const double critics = 2 * (3 * critic - critic_first);
  const double climb = (3 * actor - actor_first) + (2 * critic - critic_first + kAction * width);
  return 2 * batch * (targets + critics + climb / 2);
}

void Train(benchmark::State& state) {
  const int width = static_cast<int>(state.range(0));
  const int batch = static_cast<int>(state.range(1));
  const int threads = static_cast<int>(state.range(2));
  Td3Config config;
  config.actor = config.critic = {.hidden = {width, width}, .activation = "silu"};
  config.batch_size = batch;
  TaskConfig task;
  task.agent.algorithm = config;
  task.trainer = {.steps = 1'000'000'000, .warmup_steps = 300, .buffer_size = 20'200};
  Workers workers(threads);
  Trainer trainer(task, workers);
  while (trainer.step() < 2'000) trainer.Step();
  static const double peak = benchmarks::PeakGigaflops();
  for (auto _ : state) trainer.Step();
  state.counters["steps/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  state.counters["peak_GFLOP/s"] = peak;
  state.counters["peak_share"] = benchmark::Counter(
      FlopsOfUpdate(width, batch) * static_cast<double>(state.iterations()) / (peak * 1e9),
      benchmark::Counter::kIsRate);
}

BENCHMARK(Train)
    ->ArgNames({"width", "batch", "threads"})
    ->Args({64, 100, 1})
    ->Args({64, 100, 2})
    ->Args({256, 256, 1})
    ->Args({256, 256, 2})
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

}  // namespace
