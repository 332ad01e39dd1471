#include "nn/layers/jacobian.h"

#include <algorithm>
#include <cstdint>
#include <numeric>

#include "nn/kernels/gemm.h"
#include "nn/kernels/simd.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

using simd::kLanes;
using simd::Pack;

// Columns of one block of the Gram matrix: whole tiles of the matrix products.
constexpr Index kGramBlock = 8 * simd::kTileColumns;

Index BlockSamples(Index cotangents) { return std::max<Index>(1, kGramBlock / cotangents); }

// Larger results bypass the caches, which they would only flush.
constexpr std::size_t kStreamBytes = std::size_t{32} << 20;

// The least common multiple of the period and kLanes: whole periods that are whole vectors.
Index Cycle(Index period) { return period * kLanes / std::gcd<Index>(period, kLanes); }

// The number of elements before the first vector boundary.
Index Unaligned(const Real* p) {
  const auto bytes = reinterpret_cast<std::uintptr_t>(p) % simd::kBytes;
  return bytes == 0 ? 0 : static_cast<Index>((simd::kBytes - bytes) / sizeof(Real));
}

// out[t] = factor[t mod cycle] · pattern[t], t < n. `cycle` is a multiple of kLanes. The first
// kLanes elements of `factor` are repeated at its end.
template <bool kStream>
void MultiplyCyclic(const Real* factor, Index cycle, const Real* pattern, Index n, Real* out) {
  const Index head = kStream ? std::min(n, Unaligned(out)) : 0;
  for (Index t = 0; t < head; ++t) out[t] = factor[t] * pattern[t];
  factor += head;
  pattern += head;
  out += head;
  n -= head;
  for (Index start = 0; start < n; start += cycle) {
    const Index length = std::min(cycle, n - start);
    Index t = 0;
    for (; t + kLanes <= length; t += kLanes) {
      const Pack product = simd::Load(factor + t) * simd::Load(pattern + start + t);
      if constexpr (kStream) {
        simd::Stream(out + start + t, product);
      } else {
        simd::Store(out + start + t, product);
      }
    }
    for (; t < length; ++t) out[start + t] = factor[t] * pattern[start + t];
  }
}

// out = factor · pattern, n elements
void Scale(Real factor, const Real* pattern, Index n, Real* out) {
  Index t = 0;
  for (; t + kLanes <= n; t += kLanes) simd::Store(out + t, factor * simd::Load(pattern + t));
  for (; t < n; ++t) out[t] = factor * pattern[t];
}

}  // namespace

Index JacobianScratchSize(Index outputs, Index batch, Index cotangents) {
  const Index rows = batch * cotangents;
  return rows * outputs + Cycle(rows) + kLanes;
}

Index GramScratchSize(Index outputs, Index inputs, Index batch, Index cotangents) {
  const Index rows = batch * cotangents;
  const Index samples = std::min(batch, BlockSamples(cotangents));
  return rows * outputs + batch * inputs + (rows * cotangents + batch) * samples + batch;
}

void WriteAffineJacobian(const ConstMatrixRef& delta, const ConstMatrixRef& x, Real* scratch,
                         Real* jacobian) {
  const Index rows = delta.cols(), outputs = delta.rows();
  const Index cotangents = rows / x.cols();
  const Index slice = rows * outputs;  // the columns of w_·i
  Real* pattern = scratch;             // δᵀ: entry (r, j) is ∂/∂b_j of row r
  Transpose(delta, Eigen::Map<Matrix>(pattern, rows, outputs));
  std::copy_n(pattern, slice, jacobian + x.rows() * slice);
  if (x.cols() == 1) {
    for (Index i = 0; i < x.rows(); ++i) Scale(x(i, 0), pattern, slice, jacobian + i * slice);
    return;
  }
  Real* factor = scratch + slice;
  const Index cycle = Cycle(rows);
  const bool stream = static_cast<std::size_t>(slice * x.rows()) * sizeof(Real) > kStreamBytes;
  for (Index i = 0; i < x.rows(); ++i) {
    for (Index b = 0; b < x.cols(); ++b) std::fill_n(factor + b * cotangents, cotangents, x(i, b));
    for (Index r = rows; r < cycle + kLanes; ++r) factor[r] = factor[r - rows];
    if (stream) {
      MultiplyCyclic<true>(factor, cycle, pattern, slice, jacobian + i * slice);
    } else {
      MultiplyCyclic<false>(factor, cycle, pattern, slice, jacobian + i * slice);
    }
  }
  if (stream) simd::EndStream();
}

void AddAffineGram(const ConstMatrixRef& delta, const ConstMatrixRef* x, Real* scratch,
                   Matrix& gram) {
  const Index rows = delta.cols();
  const Index batch = x == nullptr ? rows : x->cols();
  const Index g = rows / batch;
  const Index block = std::min(batch, BlockSamples(g));
  Eigen::Map<Matrix> delta_transpose(scratch, rows, delta.rows());
  scratch += delta_transpose.size();
  Transpose(delta, delta_transpose);
  Eigen::Map<Matrix> x_transpose(scratch, batch, x == nullptr ? 0 : x->rows());
  scratch += x_transpose.size();
  if (x != nullptr) Transpose(*x, x_transpose);
  Eigen::Map<Vector> ones(scratch, batch);
  ones.setOnes();
  scratch += batch;

  for (Index first = 0; first < batch; first += block) {
    const Index width = std::min(block, batch - first);
    const Index last = first + width;
    Eigen::Map<Matrix> kernel(scratch, last, width);                           // x_bᵀ x_b' + 1
    Eigen::Map<Matrix> product(scratch + batch * width, last * g, width * g);  // δ_rᵀ δ_r'
    MultiplyAdd(delta_transpose.topRows(last * g), delta.middleCols(first * g, width * g), nullptr,
                product);
    auto target = gram.block(0, first * g, last * g, width * g);
    if (x == nullptr) {
      target += product;
      continue;
    }
    MultiplyAdd(x_transpose.topRows(last), x->middleCols(first, width), ones.data(), kernel);
    if (g == 1) {
      target.array() += product.array() * kernel.array();
      continue;
    }
    for (Index b = 0; b < width; ++b) {
      for (Index a = 0; a < last; ++a) {
        target.block(a * g, b * g, g, g) += kernel(a, b) * product.block(a * g, b * g, g, g);
      }
    }
  }
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
