#include "nn/kernels/gemm.h"

#include <algorithm>
#include <array>
#include <utility>

#include "nn/kernels/simd.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

using simd::kLanes;
using simd::kTileColumns;
using simd::kTileVectors;
using simd::Pack;

// B(k, j) = data[k · row_stride + j · column_stride]: a matrix or its transpose.
struct Operand {
  const Real* data;
  Index row_stride;
  Index column_stride;
};

// The initial value of the accumulators.
enum class Start { kZero, kBias, kResult };

struct Tile {
  const Real* a;  // first of kVectors · kLanes rows
  Index a_stride;
  Operand b;
  const Real* start;  // the bias of these rows, when start is kBias
  Start from;
  Real* c;
  Index c_stride;
  Index inner;
  int rows_in_last;  // rows of the last vector, when kPartial
};

// Computes a tile of C, kVectors registers of rows by kColumns columns, over the whole inner
// dimension. With kPartial the last vector has rows_in_last rows.
template <int kVectors, int kColumns, bool kPartial>
void ComputeTile(const Tile& t) {
  const auto load = [&](const Real* p, int i) {
    return kPartial && i == kVectors - 1 ? simd::LoadFirst(p + i * kLanes, t.rows_in_last)
                                         : simd::Load(p + i * kLanes);
  };
  Pack acc[kColumns][kVectors];
  for (int j = 0; j < kColumns; ++j) {
    for (int i = 0; i < kVectors; ++i) {
      if (t.from == Start::kZero) {
        acc[j][i] = Pack{};
      } else {
        acc[j][i] = load(t.from == Start::kBias ? t.start : t.c + j * t.c_stride, i);
      }
    }
  }
  const Real* a = t.a;
  const Real* b = t.b.data;
  for (Index k = 0; k < t.inner; ++k, a += t.a_stride, b += t.b.row_stride) {
    Pack column[kVectors];
#pragma GCC unroll 4
    for (int i = 0; i < kVectors; ++i) column[i] = load(a, i);
#pragma GCC unroll 6
    for (int j = 0; j < kColumns; ++j) {
      const Real value = b[j * t.b.column_stride];
#pragma GCC unroll 4
      for (int i = 0; i < kVectors; ++i) acc[j][i] += column[i] * value;
    }
  }
  for (int j = 0; j < kColumns; ++j) {
    for (int i = 0; i < kVectors; ++i) {
      Real* p = t.c + j * t.c_stride + i * kLanes;
      if (kPartial && i == kVectors - 1) {
        simd::StoreFirst(p, acc[j][i], t.rows_in_last);
      } else {
        simd::Store(p, acc[j][i]);
      }
    }
  }
}

using TileFunction = void (*)(const Tile&);
constexpr int kTileKinds = kTileVectors * kTileColumns;

template <bool kPartial, std::size_t... kKind>
constexpr std::array<TileFunction, kTileKinds> TileTable(std::index_sequence<kKind...>) {
  return {ComputeTile<kKind / kTileColumns + 1, kKind % kTileColumns + 1, kPartial>...};
}

// kTiles[partial][(vectors − 1) · kTileColumns + columns − 1]
constexpr std::array<std::array<TileFunction, kTileKinds>, 2> kTiles = {
    TileTable<false>(std::make_index_sequence<kTileKinds>()),
    TileTable<true>(std::make_index_sequence<kTileKinds>())};

// C = A B, tile by tile, plus `bias` if `from` is kBias, or plus C if it is kResult.
void Multiply(const ConstMatrixRef& a, const Operand& b, Index columns, Start from,
              const Real* bias, Real* c, Index c_stride) {
  const Index rows = a.rows();
  const Index vectors = (rows + kLanes - 1) / kLanes;
  const Index bands = (vectors + kTileVectors - 1) / kTileVectors;
  for (Index band = 0; band < bands; ++band) {
    const Index first = vectors * band / bands;
    const Index last = vectors * (band + 1) / bands;
    const Index row = first * kLanes;
    const bool partial = last * kLanes > rows;
    Tile tile = {.a = a.data() + row,
                 .a_stride = a.outerStride(),
                 .b = b,
                 .start = bias ? bias + row : nullptr,
                 .from = from,
                 .c = c + row,
                 .c_stride = c_stride,
                 .inner = a.cols(),
                 .rows_in_last = static_cast<int>(rows - (last - 1) * kLanes)};
    const auto& kinds = kTiles[partial];
    for (Index column = 0; column < columns; column += kTileColumns) {
      const Index width = std::min<Index>(kTileColumns, columns - column);
      kinds[static_cast<std::size_t>((last - first - 1) * kTileColumns + width - 1)](tile);
      tile.b.data += kTileColumns * b.column_stride;
      tile.c += kTileColumns * c_stride;
    }
  }
}

// aᵀ b over n contiguous numbers, with four vectors of partial sums.
Real Dot(const Real* a, const Real* b, Index n) {
  Pack acc[4] = {};
  Index i = 0;
  for (; i + 4 * kLanes <= n; i += 4 * kLanes) {
    for (int v = 0; v < 4; ++v) {
      acc[v] += simd::Load(a + i + v * kLanes) * simd::Load(b + i + v * kLanes);
    }
  }
  for (; i + kLanes <= n; i += kLanes) acc[0] += simd::Load(a + i) * simd::Load(b + i);
  if (i < n) {
    const int rest = static_cast<int>(n - i);
    acc[1] += simd::LoadFirst(a + i, rest) * simd::LoadFirst(b + i, rest);
  }
  return simd::Sum((acc[0] + acc[1]) + (acc[2] + acc[3]));
}

// One step of a transposition: the registers `low` and `high`, kWidth apart, exchange the halves of
// each block of 2 · kWidth lanes. Returns the new `low`, or with kHigh the new `high`.
template <int kWidth, bool kHigh, int... kLane>
[[gnu::always_inline]] inline Pack Exchange(Pack low, Pack high,
                                            std::integer_sequence<int, kLane...>) {
  constexpr auto source = [](int lane) {
    const bool upper = (lane & kWidth) != 0;
    const int from = upper == kHigh ? lane : lane ^ kWidth;
    return upper ? kLanes + from : from;
  };
  return simd::Shuffle<source(kLane)...>(low, high);
}

// Inlined and unrolled, so that the tile stays in registers.
template <int kWidth>
[[gnu::always_inline]] inline void TransposeSteps(Pack* r) {
  if constexpr (kWidth > 0) {
#pragma GCC unroll 16
    for (int j = 0; j < kLanes; ++j) {
      if ((j & kWidth) != 0) continue;
      const Pack low = r[j], high = r[j + kWidth];
      constexpr auto kAll = std::make_integer_sequence<int, kLanes>();
      r[j] = Exchange<kWidth, false>(low, high, kAll);
      r[j + kWidth] = Exchange<kWidth, true>(low, high, kAll);
    }
    TransposeSteps<kWidth / 2>(r);
  }
}

// The transpose of a tile of at most kLanes × kLanes numbers of A, in registers: r[i] = A(i, ·).
[[gnu::always_inline]] inline void LoadTransposed(const Real* a, Index stride, int rows,
                                                  int columns, Pack* r) {
  if (rows == kLanes && columns == kLanes) {
#pragma GCC unroll 16
    for (int j = 0; j < kLanes; ++j) r[j] = simd::Load(a + j * stride);
  } else {
    for (int j = 0; j < columns; ++j) r[j] = simd::LoadFirst(a + j * stride, rows);
    for (int j = columns; j < kLanes; ++j) r[j] = Pack{};
  }
  TransposeSteps<kLanes / 2>(r);
}

void TransposeTile(const Real* a, Index a_stride, int rows, int columns, Real* b, Index b_stride) {
  Pack r[kLanes];
  LoadTransposed(a, a_stride, rows, columns, r);
  if (rows == kLanes && columns == kLanes) {
#pragma GCC unroll 16
    for (int i = 0; i < kLanes; ++i) simd::Store(b + i * b_stride, r[i]);
    return;
  }
  for (int i = 0; i < rows; ++i) simd::StoreFirst(b + i * b_stride, r[i], columns);
}

// kLanes rows of C = Aᵀ B, kColumns columns: each tile of A is transposed in registers and then
// multiplied, in the order of the inner index.
template <int kColumns>
void TransposedRows(const Real* a, Index a_stride, Index inner, int rows, const Real* b,
                    Index b_stride, Real* c, Index c_stride) {
  Pack acc[kColumns] = {};
  for (Index k = 0; k < inner; k += kLanes) {
    const int depth = static_cast<int>(std::min<Index>(kLanes, inner - k));
    Pack r[kLanes];
    LoadTransposed(a + k, a_stride, depth, rows, r);
    const auto accumulate = [&](int d) {
#pragma GCC unroll 6
      for (int j = 0; j < kColumns; ++j) acc[j] += r[d] * b[k + d + j * b_stride];
    };
    if (depth == kLanes) {
#pragma GCC unroll 16
      for (int d = 0; d < kLanes; ++d) accumulate(d);
    } else {
      for (int d = 0; d < depth; ++d) accumulate(d);
    }
  }
  for (int j = 0; j < kColumns; ++j) {
    if (rows == kLanes) {
      simd::Store(c + j * c_stride, acc[j]);
    } else {
      simd::StoreFirst(c + j * c_stride, acc[j], rows);
    }
  }
}

using TransposedRowsFunction = decltype(&TransposedRows<1>);
constexpr std::array<TransposedRowsFunction, kTileColumns> kTransposedRows = {
    TransposedRows<1>, TransposedRows<2>, TransposedRows<3>,
    TransposedRows<4>, TransposedRows<5>, TransposedRows<6>};

// C = Aᵀ B for a few columns of B, where forming Aᵀ would cost more than the product.
void TransposeMultiplyFew(const ConstMatrixRef& a, const ConstMatrixRef& b, MatrixRef c) {
  for (Index column = 0; column < b.cols(); column += kTileColumns) {
    const Index width = std::min<Index>(kTileColumns, b.cols() - column);
    for (Index i = 0; i < a.cols(); i += kLanes) {
      kTransposedRows[static_cast<std::size_t>(width - 1)](
          a.data() + i * a.outerStride(), a.outerStride(), a.rows(),
          static_cast<int>(std::min<Index>(kLanes, a.cols() - i)),
          b.data() + column * b.outerStride(), b.outerStride(),
          c.data() + i + column * c.outerStride(), c.outerStride());
    }
  }
}

// c = aᵀ B + bias for contiguous a: the product with one output row.
void RowTimes(const Real* a, const ConstMatrixRef& b, Real bias, MatrixRef c) {
  for (Index j = 0; j < b.cols(); ++j) c(0, j) = Dot(a, b.col(j).data(), b.rows()) + bias;
}

Operand Plain(const ConstMatrixRef& b) { return {b.data(), 1, b.outerStride()}; }
Operand Transposed(const ConstMatrixRef& b) { return {b.data(), b.outerStride(), 1}; }

}  // namespace

void MultiplyAdd(const ConstMatrixRef& a, const ConstMatrixRef& b, const Real* bias, MatrixRef c) {
  eigen_assert(a.cols() == b.rows() && c.rows() == a.rows() && c.cols() == b.cols());
  if (a.rows() == 1 && a.outerStride() == 1) {
    RowTimes(a.data(), b, bias ? *bias : 0, c);
    return;
  }
  Multiply(a, Plain(b), b.cols(), bias ? Start::kBias : Start::kZero, bias, c.data(),
           c.outerStride());
}

void AddMultiply(const ConstMatrixRef& a, const ConstMatrixRef& b, MatrixRef c) {
  eigen_assert(a.cols() == b.rows() && c.rows() == a.rows() && c.cols() == b.cols());
  Multiply(a, Plain(b), b.cols(), Start::kResult, nullptr, c.data(), c.outerStride());
}

void TransposeMultiply(const ConstMatrixRef& a, const ConstMatrixRef& b, Real* scratch,
                       MatrixRef c) {
  eigen_assert(a.rows() == b.rows() && c.rows() == a.cols() && c.cols() == b.cols());
  if (a.cols() == 1) {
    RowTimes(a.data(), b, 0, c);
    return;
  }
  if (b.cols() <= 2 * kTileColumns) {
    TransposeMultiplyFew(a, b, c);
    return;
  }
  Eigen::Map<Matrix> transpose(scratch, a.cols(), a.rows());
  Transpose(a, transpose);
  MultiplyAdd(transpose, b, nullptr, c);
}

void AddMultiplyTranspose(const ConstMatrixRef& a, const ConstMatrixRef& b, MatrixRef c) {
  eigen_assert(a.cols() == b.cols() && c.rows() == a.rows() && c.cols() == b.rows());
  if (a.rows() == 1 && c.outerStride() == 1) {  // one row: Cᵀ += B aᵀ fills whole vectors
    Multiply(b, Transposed(a), 1, Start::kResult, nullptr, c.data(), c.cols());
    return;
  }
  Multiply(a, Transposed(b), b.rows(), Start::kResult, nullptr, c.data(), c.outerStride());
}

Real Sum(const Real* x, Index n) {
  Pack acc = {};
  Index i = 0;
  for (; i + kLanes <= n; i += kLanes) acc += simd::Load(x + i);
  if (i < n) acc += simd::LoadFirst(x + i, static_cast<int>(n - i));
  return simd::Sum(acc);
}

void Transpose(const ConstMatrixRef& a, MatrixRef b) {
  eigen_assert(a.rows() == b.cols() && a.cols() == b.rows());
  for (Index j = 0; j < a.cols(); j += kLanes) {
    const int width = static_cast<int>(std::min<Index>(kLanes, a.cols() - j));
    for (Index i = 0; i < a.rows(); i += kLanes) {
      const int height = static_cast<int>(std::min<Index>(kLanes, a.rows() - i));
      TransposeTile(a.data() + i + j * a.outerStride(), a.outerStride(), height, width,
                    b.data() + j + i * b.outerStride(), b.outerStride());
    }
  }
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
