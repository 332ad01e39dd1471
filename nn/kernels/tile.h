// The inner loop of all matrix products: one tile of the result, held in registers.
#pragma once

#include "nn/kernels/simd.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace simd {

// An element (k, j) of B, or (i, k) of A: data[first · row_stride + second · column_stride].
struct Operand {
  const Real* data;
  Index row_stride;
  Index column_stride;

  Operand At(Index row, Index column) const {
    return {data + row * row_stride + column * column_stride, row_stride, column_stride};
  }
};

struct Tile {
  Operand a;  // rows are contiguous
  Operand b;
  Operand start;  // the first accumulators: 0, the bias or C
  Real* c;
  Index c_stride;
  Index inner;
  int rows_in_last;  // rows of the last vector, when kPartial
};

// Computes a tile of C, kVectors registers of rows by kColumns columns, over the inner dimension of
// a block. With kPartial the last vector has rows_in_last rows.
template <int kVectors, int kColumns, bool kPartial>
void ComputeTile(const Tile& t) {
  const int rows_in_last = t.rows_in_last;
  const auto load = [rows_in_last](const Real* p, int i) {
    return kPartial && i == kVectors - 1 ? LoadFirst(p + i * kLanes, rows_in_last)
                                         : Load(p + i * kLanes);
  };
  Pack acc[kColumns][kVectors];
  const Real* start = t.start.data;
  const Index start_stride = t.start.column_stride;
#pragma GCC unroll 6
  for (int j = 0; j < kColumns; ++j) {
#pragma GCC unroll 8
    for (int i = 0; i < kVectors; ++i) acc[j][i] = load(start + j * start_stride, i);
  }
  const Real* a = t.a.data;
  const Real* b = t.b.data;
  const Index a_stride = t.a.column_stride, b_stride = t.b.row_stride;
  const Index b_column = t.b.column_stride;
  for (Index k = t.inner; k > 0; --k, a += a_stride, b += b_stride) {
    Pack column[kVectors];
#pragma GCC unroll 8
    for (int i = 0; i < kVectors; ++i) column[i] = load(a, i);
#pragma GCC unroll 6
    for (int j = 0; j < kColumns; ++j) {
      const Real value = b[j * b_column];
#pragma GCC unroll 8
      for (int i = 0; i < kVectors; ++i) acc[j][i] += column[i] * value;
    }
  }
  Real* c = t.c;
  const Index c_stride = t.c_stride;
#pragma GCC unroll 6
  for (int j = 0; j < kColumns; ++j) {
    Real* p = c + j * c_stride;
#pragma GCC unroll 8
    for (int i = 0; i < kVectors; ++i) {
      if (kPartial && i == kVectors - 1) {
        StoreFirst(p + i * kLanes, acc[j][i], rows_in_last);
      } else {
        Store(p + i * kLanes, acc[j][i]);
      }
    }
  }
}

}  // namespace simd
}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
