// The time of an environment step with one update, as in `nabla train` (Pendulum-v1, TD3), for each
// algorithm, and of the metrics.
//
// The counter `peak_share` is the rate of floating-point operations in matrix products, divided by
// the peak rate of one core, which the same process measures.
#include <benchmark/benchmark.h>

#include "agent/training/trainer.h"
#include "benchmarks/peak.h"

namespace {

using namespace nabla;
using namespace nabla::agent;

// Multiply-adds of the matrix products of a network with two equal hidden layers, per sample.
double Macs(int in, int width, int out) {
  return static_cast<double>(in) * width + static_cast<double>(width) * width +
         static_cast<double>(width) * out;
}

// 2 · multiply-adds of one TD3 update. A backward pass in θ costs as much as a forward pass, and so
// does one in x, which the first layer does not need. The actor is updated every second time.
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

// The same for each algorithm with its default options.
void TrainAlgorithm(benchmark::State& state) {
  const AlgorithmEntry& algorithm = Algorithms()[static_cast<std::size_t>(state.range(0))];
  TaskConfig task;
  task.agent.algorithm = algorithm.make_config();
  std::visit(
      [](auto& config) {
        config.actor = config.critic = {.hidden = {64, 64}, .activation = "silu"};
        config.batch_size = 100;
      },
      task.agent.algorithm);
  task.trainer = {.steps = 1'000'000'000, .warmup_steps = 300, .buffer_size = 20'200};
  Workers workers(1);
  Trainer trainer(task, workers);
  while (trainer.step() < 1'000) trainer.Step();
  for (auto _ : state) trainer.Step();
  state.SetLabel(algorithm.name);
}

BENCHMARK(TrainAlgorithm)
    ->DenseRange(0, static_cast<int>(std::variant_size_v<AlgorithmConfig>) - 1)
    ->Unit(benchmark::kMicrosecond);

// The time of the metrics of one update.
void Metrics(benchmark::State& state) {
  const Index size = state.range(0), actions = 1;
  UpdateMetrics metrics(size);
  Batch batch(3, actions, size);
  batch.data().setRandom();
  batch.td_error().setRandom();
  const Matrix y = Matrix::Random(1, size), gradient = Matrix::Random(actions, size);
  std::int64_t updates = 0;
  for (auto _ : state) {
    metrics.AddCritics(++updates, 1, y, batch);
    metrics.AddActor(1, gradient, batch.action());
  }
}

BENCHMARK(Metrics)->Arg(100)->Arg(256);

}  // namespace
