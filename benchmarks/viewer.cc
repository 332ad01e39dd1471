// The time to draw a picture of the viewer at 1280 × 720 and 3840 × 2160 with all panels. `anew`:
// the data of every panel has changed. `cached`: only the episode has advanced.
#include <benchmark/benchmark.h>

#include "apps/viewer/panels/frame.h"
#include "tests/apps/viewer/drawing/sample_scene.h"

namespace {

using namespace nabla::viewer;

// Replaces the data of every panel by a copy.
void Renew(Scene& scene) {
  const auto renew = [](auto& data) {
    using Data = std::remove_cvref_t<decltype(*data)>;
    data = std::make_shared<const Data>(*data);
  };
  renew(scene.learning_curve);
  renew(scene.action_slice);
  renew(scene.value_map);
  renew(scene.training);
  renew(scene.action_histogram);
  renew(scene.network);
}

void Draw(benchmark::State& state, bool anew) {
  const int width = static_cast<int>(state.range(0)), height = static_cast<int>(state.range(1));
  Scene scene = test::SampleScene();
  Frame frame;
  frame.Draw(scene, width, height);
  for (auto _ : state) {
    if (anew) Renew(scene);
    scene.environments[0].time += 1 / 60.0;
    benchmark::DoNotOptimize(frame.Draw(scene, width, height).pixels().data());
  }
  state.counters["pictures/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(Draw, anew, true)
    ->Args({1280, 720})
    ->Args({3840, 2160})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Draw, cached, false)
    ->Args({1280, 720})
    ->Args({3840, 2160})
    ->Unit(benchmark::kMillisecond);

}  // namespace
