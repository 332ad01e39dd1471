// Copies of parts of the factors of a matrix product, for a tile that reads them many times:
// contiguous memory in place of strided memory that would not stay in the first cache level.
#pragma once

#include <algorithm>
#include <cstring>
#include <numeric>

#include "nn/kernels/tile.h"
#include "nn/kernels/transpose.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace simd {

// Copies A [rows, depth] to `panel`, column by column in whole vectors.
inline void PackBand(const Operand& a, Index rows, Index depth, Real* panel) {
  const Index vectors = (rows + kLanes - 1) / kLanes, width = vectors * kLanes;
  const int last = static_cast<int>(rows - (vectors - 1) * kLanes);
  const auto height = [&](Index v) { return v == vectors - 1 ? last : kLanes; };
  if (a.row_stride == 1) {
    const Real* from = a.data;
    for (Index k = 0; k < depth; ++k, from += a.column_stride, panel += width) {
      for (Index v = 0; v < vectors; ++v) {
        const Real* p = from + v * kLanes;
        Store(panel + v * kLanes, height(v) == kLanes ? Load(p) : LoadFirst(p, last));
      }
    }
    return;
  }
  for (Index v = 0; v < vectors; ++v) {
    const Real* from = a.data + v * kLanes * a.row_stride;
    Real* to = panel + v * kLanes;
    for (Index k = 0; k < depth; k += kLanes) {
      const int columns = static_cast<int>(std::min<Index>(kLanes, depth - k));
      Pack r[kLanes];
      LoadTransposed(from + k, a.row_stride, columns, height(v), r);
      for (int d = 0; d < columns; ++d, to += width) Store(to, r[d]);
    }
  }
}

// Copies B [depth, columns], whose rows are contiguous, to `panel`, tile by tile.
inline void PackColumns(const Operand& b, Index depth, Index columns, Real* panel) {
  const Index whole = columns / kTileColumns, rest = columns % kTileColumns;
  const Real* from = b.data;
  for (Index k = 0; k < depth; ++k, from += b.row_stride) {
    Real* to = panel + k * kTileColumns;
    for (Index tile = 0; tile < whole; ++tile, to += depth * kTileColumns) {
      std::memcpy(to, from + tile * kTileColumns, kTileColumns * sizeof(Real));
    }
    Real* last = panel + whole * depth * kTileColumns + k * rest;
    for (Index j = 0; j < rest; ++j) last[j] = from[whole * kTileColumns + j];
  }
}

// Whether `count` pieces of `bytes` each, `stride` numbers apart, use more than half of the first
// cache level, whose addresses repeat every 4 KiB with 8 ways.
inline bool LeavesCache(Index stride, Index count, Index bytes) {
  constexpr Index kPeriod = 4096, kWays = 8;
  const Index places = kPeriod / std::gcd(stride * kRealBytes, kPeriod);
  return count > std::min(places, kPeriod / bytes) * kWays / 2;
}

}  // namespace simd
}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
