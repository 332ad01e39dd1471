// Transposition of small blocks in vector registers.
#pragma once

#include <utility>

#include "nn/kernels/simd.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace simd {

// One step of a transposition: the registers r and s, kWidth apart, exchange halves of each block
// of 2 · kWidth lanes. Lane l of r takes lane l of r below and lane l − kWidth of s above; kSecond
// gives the new s.
template <int kWidth, bool kSecond>
constexpr int ExchangedLane(int lane) {
  const bool upper = (lane & kWidth) != 0;
  const int from = upper == kSecond ? lane : lane ^ kWidth;
  return upper ? kLanes + from : from;
}

template <int kWidth, bool kSecond, int... kLane>
[[gnu::always_inline]] inline Pack Exchange(Pack r, Pack s, std::integer_sequence<int, kLane...>) {
  return Shuffle<ExchangedLane<kWidth, kSecond>(kLane)...>(r, s);
}

// Inlined and unrolled, so that the block stays in registers.
template <int kWidth>
[[gnu::always_inline]] inline void TransposeSteps(Pack* r) {
  if constexpr (kWidth > 0) {
    constexpr auto lanes = std::make_integer_sequence<int, kLanes>();
#pragma GCC unroll 16
    for (int j = 0; j < kLanes; ++j) {
      if ((j & kWidth) != 0) continue;
      const Pack low = r[j], high = r[j + kWidth];
      r[j] = Exchange<kWidth, false>(low, high, lanes);
      r[j + kWidth] = Exchange<kWidth, true>(low, high, lanes);
    }
    TransposeSteps<kWidth / 2>(r);
  }
}

// The transpose of a block A [rows, columns] of at most kLanes × kLanes numbers: r[i] = A(i, ·).
// The remaining lanes of r are 0.
[[gnu::always_inline]] inline void LoadTransposed(const Real* a, Index stride, int rows,
                                                  int columns, Pack* r) {
  if (rows == kLanes && columns == kLanes) {
#pragma GCC unroll 16
    for (int j = 0; j < kLanes; ++j) r[j] = Load(a + j * stride);
  } else {
    for (int j = 0; j < columns; ++j) r[j] = LoadFirst(a + j * stride, rows);
    for (int j = columns; j < kLanes; ++j) r[j] = Pack{};
  }
  TransposeSteps<kLanes / 2>(r);
}

}  // namespace simd
}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
