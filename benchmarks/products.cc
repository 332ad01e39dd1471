// The matrix products of nn/kernels/gemm.h over a table of sizes, relative to the peak rate of the
// processor, which the same process measures.
#include <benchmark/benchmark.h>

#include "benchmarks/peak.h"
#include "nn/kernels/gemm.h"

namespace {

using namespace nabla::nn;

enum Kind { kPlain, kRightTransposed, kLeftTransposed };

// C [m, n] = A B, C += A Bᵀ or C = Aᵀ B, with inner dimension k.
template <Kind kKind>
void Product(benchmark::State& state) {
  const Index m = state.range(0), n = state.range(1), k = state.range(2);
  const Matrix a = kKind == kLeftTransposed ? Matrix::Random(k, m) : Matrix::Random(m, k);
  const Matrix b = kKind == kRightTransposed ? Matrix::Random(n, k) : Matrix::Random(k, n);
  const Vector bias = Vector::Random(m);
  Matrix c = Matrix::Zero(m, n);
  for (auto _ : state) {
    if constexpr (kKind == kPlain) MultiplyAdd(a, b, bias.data(), c);
    if constexpr (kKind == kRightTransposed) AddMultiplyTranspose(a, b, c);
    if constexpr (kKind == kLeftTransposed) TransposeMultiply(a, b, c);
    benchmark::ClobberMemory();
  }
  static const double peak = nabla::benchmarks::PeakGigaflops();
  const auto operations = 2 * static_cast<double>(m * n * k);
  state.counters["GFLOP/s"] =
      benchmark::Counter(operations * 1e-9, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["peak_share"] =
      benchmark::Counter(operations / (peak * 1e9), benchmark::Counter::kIsIterationInvariantRate);
}

// The products of a training step: outputs × batch × inputs of a layer.
void Sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"m", "n", "k"})
      ->Args({64, 100, 64})
      ->Args({64, 100, 4})
      ->Args({1, 100, 64})
      ->Args({64, 100, 1})
      ->Args({256, 256, 256})
      ->Args({256, 256, 23})
      ->Args({1, 256, 256})
      ->Args({400, 100, 300})
      ->Args({512, 256, 512})
      ->Args({1024, 256, 1024});
}

BENCHMARK(Product<kPlain>)->Apply(Sizes)->Name("AB");
BENCHMARK(Product<kRightTransposed>)->Apply(Sizes)->Name("ABt");
BENCHMARK(Product<kLeftTransposed>)->Apply(Sizes)->Name("AtB");

}  // namespace
