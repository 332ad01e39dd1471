#include "nn/kernels/gemm.h"

#include <algorithm>
#include <array>
#include <utility>

#include "nn/kernels/pack.h"
#include "nn/kernels/tile.h"
#include "nn/kernels/transpose.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

using simd::kLanes;
using simd::kRealBytes;
using simd::kTileColumns;
using simd::kTileVectors;
using simd::Operand;
using simd::Pack;
using simd::Tile;

constexpr Index kBandRows = kTileVectors * kLanes;
constexpr Index kBandBytes = kBandRows * kRealBytes;
constexpr Index kLineBytes = 64;

// The largest depth of a block: a packed panel of A, kBandRows · kDepth numbers, uses half of the
// first cache level.
constexpr Index kDepth = simd::kPanelBytes / kBandBytes;

// The columns of B that are packed together. The panels of A are packed anew for each such group.
constexpr Index kGroupColumns = 22 * kTileColumns;

Operand Plain(const ConstMatrixRef& a) { return {a.data(), 1, a.outerStride()}; }
Operand Transposed(const ConstMatrixRef& a) { return {a.data(), a.outerStride(), 1}; }

using TileFunction = void (*)(const Tile&);

template <bool kPartial, int kVectors, int... kColumn>
constexpr std::array<TileFunction, sizeof...(kColumn)> TilesOf(
    std::integer_sequence<int, kColumn...>) {
  return {simd::ComputeTile<kVectors, kColumn + 1, kPartial>...};
}

// [vectors − 1][columns − 1]
template <bool kPartial, int kColumns, int... kVector>
constexpr std::array<std::array<TileFunction, kColumns>, sizeof...(kVector)> TileTable(
    std::integer_sequence<int, kVector...>) {
  return {TilesOf<kPartial, kVector + 1>(std::make_integer_sequence<int, kColumns>())...};
}

template <int kVectors, int kColumns>
struct Tiles {
  static constexpr auto kVectorNumbers = std::make_integer_sequence<int, kVectors>();
  static constexpr auto kWhole = TileTable<false, kColumns>(kVectorNumbers);
  static constexpr auto kPartial = TileTable<true, kColumns>(kVectorNumbers);

  static TileFunction Find(bool partial, Index vectors, Index columns) {
    const auto v = static_cast<std::size_t>(vectors - 1), c = static_cast<std::size_t>(columns - 1);
    return (partial ? kPartial : kWhole)[v][c];
  }
};

using WideTiles = Tiles<kTileVectors, kTileColumns>;

// A single column needs more vectors of rows at a time to keep the processor's pipelines full.
constexpr int kTallVectors = 8;
using TallTiles = Tiles<kTallVectors, 1>;

// One block of C += A B, or of C = start + A B.
struct Block {
  Operand a;  // [rows, depth]
  Operand b;  // [depth, columns]
  Operand start;
  Real* c;
  Index c_stride;
  Index rows, columns, depth;
};

// The rows of one band, tile by tile.
void MultiplyBand(const Block& block, Index vectors, bool b_is_packed) {
  const bool partial = vectors * kLanes > block.rows;
  Tile tile = {.a = block.a,
               .b = block.b,
               .start = block.start,
               .c = block.c,
               .c_stride = block.c_stride,
               .inner = block.depth,
               .rows_in_last = static_cast<int>(block.rows - (vectors - 1) * kLanes)};
  if (block.columns == 1) {
    TallTiles::Find(partial, vectors, 1)(tile);
    return;
  }
  for (Index column = 0; column < block.columns; column += kTileColumns) {
    const Index width = std::min<Index>(kTileColumns, block.columns - column);
    if (b_is_packed) tile.b.row_stride = width;
    WideTiles::Find(partial, vectors, width)(tile);
    tile.b.data += b_is_packed ? width * block.depth : kTileColumns * block.b.column_stride;
    tile.c += kTileColumns * tile.c_stride;
    tile.start.data += kTileColumns * tile.start.column_stride;
  }
}

// All bands of a block, after packing what would leave the first cache level.
void MultiplyBlock(const Block& block, bool pack_a, bool pack_b) {
  alignas(simd::kBytes) Real a_panel[static_cast<std::size_t>(kBandRows * kDepth)];
  alignas(simd::kBytes) Real b_panel[static_cast<std::size_t>(kGroupColumns * kDepth)];
  const Index vectors = (block.rows + kLanes - 1) / kLanes;
  const Index band_vectors = block.columns == 1 && !pack_a ? kTallVectors : kTileVectors;
  const Index bands = (vectors + band_vectors - 1) / band_vectors;
  const Index group = pack_b ? kGroupColumns : block.columns;
  for (Index column = 0; column < block.columns; column += group) {
    Block part = block;
    part.columns = std::min(group, block.columns - column);
    part.b = block.b.At(0, column);
    if (pack_b) {
      simd::PackColumns(part.b, part.depth, part.columns, b_panel);
      part.b = {b_panel, kTileColumns, 1};
    }
    for (Index band = 0; band < bands; ++band) {
      const Index first = vectors * band / bands, last = vectors * (band + 1) / bands;
      const Index row = first * kLanes;
      part.rows = std::min(block.rows, last * kLanes) - row;
      part.a = block.a.At(row, 0);
      part.start = block.start.At(row, column);
      part.c = block.c + row + column * block.c_stride;
      if (pack_a) {
        simd::PackBand(part.a, part.rows, part.depth, a_panel);
        part.a = {a_panel, 1, (last - first) * kLanes};
      }
      MultiplyBand(part, last - first, pack_b);
    }
  }
}

// C [rows, columns] = start + A B, in blocks of the inner dimension.
void Multiply(const Operand& a, const Operand& b, Index inner, const Operand& start, MatrixRef c) {
  const Index blocks = std::max<Index>(1, (inner + kDepth - 1) / kDepth);
  for (Index k = 0; k < blocks; ++k) {
    const Index first = inner * k / blocks, depth = inner * (k + 1) / blocks - first;
    const bool many = c.cols() > 2 * kTileColumns && c.rows() > kBandRows;
    const bool pack_a =
        a.row_stride != 1 || (many && simd::LeavesCache(a.column_stride, depth, kBandBytes));
    const bool pack_b =
        many && b.row_stride != 1 && simd::LeavesCache(b.row_stride, depth, kLineBytes);
    MultiplyBlock({.a = a.At(0, first),
                   .b = b.At(first, 0),
                   .start = k == 0 ? start : Operand{c.data(), 1, c.outerStride()},
                   .c = c.data(),
                   .c_stride = c.outerStride(),
                   .rows = c.rows(),
                   .columns = c.cols(),
                   .depth = depth},
                  pack_a, pack_b);
  }
}

constexpr Real kZeros[std::max(kTallVectors, kTileVectors) * kLanes] = {};
Operand Zero() { return {kZeros, 0, 0}; }

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

void TransposeTile(const Real* a, Index a_stride, int rows, int columns, Real* b, Index b_stride) {
  Pack r[kLanes];
  simd::LoadTransposed(a, a_stride, rows, columns, r);
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
    simd::LoadTransposed(a + k, a_stride, depth, rows, r);
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

}  // namespace

void MultiplyAdd(const ConstMatrixRef& a, const ConstMatrixRef& b, const Real* bias, MatrixRef c) {
  eigen_assert(a.cols() == b.rows() && c.rows() == a.rows() && c.cols() == b.cols());
  if (a.rows() == 1 && a.outerStride() == 1) {
    RowTimes(a.data(), b, bias ? *bias : 0, c);
    return;
  }
  Multiply(Plain(a), Plain(b), a.cols(), bias ? Operand{bias, 1, 0} : Zero(), c);
}

void AddMultiply(const ConstMatrixRef& a, const ConstMatrixRef& b, MatrixRef c) {
  eigen_assert(a.cols() == b.rows() && c.rows() == a.rows() && c.cols() == b.cols());
  Multiply(Plain(a), Plain(b), a.cols(), Plain(c), c);
}

void TransposeMultiply(const ConstMatrixRef& a, const ConstMatrixRef& b, MatrixRef c) {
  eigen_assert(a.rows() == b.rows() && c.rows() == a.cols() && c.cols() == b.cols());
  if (a.cols() == 1) {
    RowTimes(a.data(), b, 0, c);
    return;
  }
  if (b.cols() <= 2 * kTileColumns) {
    TransposeMultiplyFew(a, b, c);
    return;
  }
  Multiply(Transposed(a), Plain(b), a.rows(), Zero(), c);
}

void AddMultiplyTranspose(const ConstMatrixRef& a, const ConstMatrixRef& b, MatrixRef c) {
  eigen_assert(a.cols() == b.cols() && c.rows() == a.rows() && c.cols() == b.rows());
  if (a.rows() == 1 && c.outerStride() == 1) {  // one row: Cᵀ += B aᵀ fills whole vectors
    Eigen::Map<Vector> column(c.data(), c.cols());
    Multiply(Plain(b), Transposed(a), b.cols(), Plain(column), column);
    return;
  }
  Multiply(Plain(a), Transposed(b), a.cols(), Plain(c), c);
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
