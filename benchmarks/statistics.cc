// The time of the stratified bootstrap of a report: intervals for 10 tasks with 10 runs each.
#include "apps/experiment/statistics/statistics.h"

#include <benchmark/benchmark.h>

#include "envs/core/random.h"

namespace {

using namespace nabla;

void AggregateIntervals(benchmark::State& state) {
  Rng rng(1);
  experiment::Scores scores(10, std::vector<double>(10));
  for (auto& task : scores) {
    for (double& score : task) score = rng.Uniform();
  }
  const experiment::Bootstrap bootstrap{.repetitions = static_cast<int>(state.range(0))};
  for (auto _ : state) {
    benchmark::DoNotOptimize(experiment::AggregateWithIntervals(scores, bootstrap).iqm.low);
  }
}

BENCHMARK(AggregateIntervals)->ArgName("repetitions")->Arg(50'000)->Unit(benchmark::kMillisecond);

}  // namespace
