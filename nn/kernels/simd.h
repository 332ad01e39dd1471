// The processor's vector registers as one type, by the vector extensions of GCC and clang: the same
// source compiles to AVX-512, AVX2 or SSE, in float or double.
#pragma once

#include <cstring>
#include <type_traits>
#include <utility>

#include "nn/kernels/real.h"

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace simd {

#if defined(__AVX512F__)
inline constexpr int kBytes = 64;
inline constexpr int kTileVectors = 4;  // 4 × 6 accumulators + 4 + 1 of 32 registers
#elif defined(__AVX__)
inline constexpr int kBytes = 32;
inline constexpr int kTileVectors = 2;  // 2 × 6 accumulators + 2 + 1 of 16 registers
#else
inline constexpr int kBytes = 16;
inline constexpr int kTileVectors = 2;
#endif
inline constexpr int kTileColumns = 6;
inline constexpr int kPanelBytes = kTileVectors * (8 << 10);  // for packed parts of a factor
inline constexpr Index kRealBytes = sizeof(Real);
inline constexpr int kLanes = kBytes / static_cast<int>(sizeof(Real));

typedef Real Pack __attribute__((vector_size(kBytes)));
typedef Real UnalignedPack __attribute__((vector_size(kBytes), aligned(sizeof(Real)), may_alias));

// A register of the given lanes of a (from 0 on) and b (from kLanes on).
template <int... kLane>
[[gnu::always_inline]] inline Pack Shuffle(Pack a, Pack b) {
#ifdef __clang__
  return __builtin_shufflevector(a, b, kLane...);
#else
  using Lane = std::conditional_t<sizeof(Real) == 8, long long, int>;
  typedef Lane LaneIndex __attribute__((vector_size(kBytes)));
  return __builtin_shuffle(a, b, LaneIndex{kLane...});
#endif
}

inline Pack Load(const Real* p) { return *reinterpret_cast<const UnalignedPack*>(p); }
inline void Store(Real* p, Pack x) { *reinterpret_cast<UnalignedPack*>(p) = x; }

// A store that bypasses the caches, for results larger than they are. p is a multiple of kBytes.
// Call EndStream before another thread reads the memory.
inline void Stream(Real* p, Pack x) {
#if defined(__AVX512F__) && !defined(NABLA_REAL_DOUBLE)
  _mm512_stream_ps(p, (__m512)x);
#else
  *reinterpret_cast<Pack*>(p) = x;
#endif
}
inline void EndStream() {
#ifdef __AVX512F__
  _mm_sfence();
#endif
}

// Only the first n ≤ kLanes elements: a load sets the others to 0, a store skips them.
#if defined(__AVX512F__) && !defined(NABLA_REAL_DOUBLE)
inline Pack LoadFirst(const Real* p, int n) {
  return (Pack)_mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << n) - 1), p);
}
inline void StoreFirst(Real* p, Pack x, int n) {
  _mm512_mask_storeu_ps(p, static_cast<__mmask16>((1u << n) - 1), (__m512)x);
}
#elif defined(__AVX2__) && !defined(__AVX512F__) && !defined(NABLA_REAL_DOUBLE)
inline __m256i FirstLanes(int n) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
inline Pack LoadFirst(const Real* p, int n) { return (Pack)_mm256_maskload_ps(p, FirstLanes(n)); }
inline void StoreFirst(Real* p, Pack x, int n) { _mm256_maskstore_ps(p, FirstLanes(n), (__m256)x); }
#else
inline Pack LoadFirst(const Real* p, int n) {
  Pack x = {};
  std::memcpy(&x, p, static_cast<std::size_t>(n) * sizeof(Real));
  return x;
}
inline void StoreFirst(Real* p, Pack x, int n) {
  std::memcpy(p, &x, static_cast<std::size_t>(n) * sizeof(Real));
}
#endif

// 1 / x with a relative error of about 1e-7, for 2^-126 ≤ |x| ≤ 2^126. An approximation of 14 bits
// and one Newton step take half the time of a division.
inline Pack Reciprocal(Pack x) {
#if defined(__AVX512F__) && !defined(NABLA_REAL_DOUBLE)
  const Pack y = (Pack)_mm512_rcp14_ps((__m512)x);
  return y + y * (1 - x * y);
#else
  return 1 / x;
#endif
}

// x_i + x_{i + kWidth} in the lanes i < kWidth.
template <int kWidth, int... kLane>
inline Pack AddHalves(Pack x, std::integer_sequence<int, kLane...>) {
  return x + Shuffle<((kLane + kWidth) % kLanes)...>(x, x);
}

// Sum of the lanes, in a fixed order.
template <int kWidth = kLanes / 2>
inline Real Sum(Pack x) {
  const Pack halves = AddHalves<kWidth>(x, std::make_integer_sequence<int, kLanes>());
  if constexpr (kWidth > 1) return Sum<kWidth / 2>(halves);
  return halves[0];
}

}  // namespace simd
}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
