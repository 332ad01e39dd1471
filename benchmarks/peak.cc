#include <algorithm>
#include <chrono>
#include <vector>

#include "benchmarks/peak.h"
#include "nn/kernels/simd.h"

namespace nabla::benchmarks {
namespace {

using nn::simd::Pack;

constexpr int kRuns = 20;

// The shortest of kRuns runs of `work`, in seconds.
template <class F>
double Shortest(const F& work) {
  double best = 1e9;
  for (int run = 0; run < kRuns; ++run) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    best = std::min(best, took.count());
  }
  return best;
}

}  // namespace

double PeakGigaflops() {
  constexpr int kAccumulators = 12;  // covers the latency of two units
  constexpr int kRounds = 100000;
  Pack sum[kAccumulators] = {};
  Pack factor = Pack{} + 0.999f, addend = Pack{} + 0.001f;
  asm volatile("" : "+m"(factor), "+m"(addend));  // hides the values from the compiler
  const Pack a = factor, b = addend;
  const double seconds = Shortest([&] {
    for (int i = 0; i < kRounds; ++i) {
#pragma GCC unroll 12
      for (int k = 0; k < kAccumulators; ++k) sum[k] = sum[k] * a + b;
    }
  });
  Pack total = {};
  for (const Pack& part : sum) total += part;
  volatile float keep = nn::simd::Sum(total);
  (void)keep;
  return 2.0 * kRounds * kAccumulators * nn::simd::kLanes / seconds * 1e-9;
}

double WriteGigabytes(std::size_t bytes, bool streaming) {
  constexpr std::size_t kBytes = nn::simd::kBytes;
  std::vector<float> memory(bytes / sizeof(float) + kBytes);
  auto* first = reinterpret_cast<float*>(
      (reinterpret_cast<std::uintptr_t>(memory.data()) + kBytes) / kBytes * kBytes);
  const std::size_t count = bytes / kBytes * nn::simd::kLanes;
  const std::size_t repeats = std::max<std::size_t>(1, (16u << 20) / bytes);
  const double seconds = Shortest([&] {
    for (std::size_t repeat = 0; repeat < repeats; ++repeat) {
      const Pack value =
          Pack{} + static_cast<float>(repeat + 1);  // not 0, which can be faster to write
      for (std::size_t i = 0; i < count; i += nn::simd::kLanes) {
        if (streaming) {
          nn::simd::Stream(first + i, value);
        } else {
          nn::simd::Store(first + i, value);
        }
      }
      nn::simd::EndStream();
      asm volatile("" ::: "memory");
    }
  });
  return static_cast<double>(count * sizeof(float) * repeats) / seconds * 1e-9;
}

}  // namespace nabla::benchmarks
