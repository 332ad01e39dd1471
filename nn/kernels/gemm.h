// The matrix products of a training step.
//
// The matrices of a network are small (16 to 512 rows) and stay in the first two cache levels, so
// there is no packing: a tile of the result is held in registers during one pass over the inner
// dimension. All matrices are column-major with a leading dimension; a block of rows of a larger
// matrix is a valid operand.
//
// The order of summation depends on the number of rows of the result, never on the number of its
// columns: a sample that is computed alone has the same bits as in a batch. With one row it is that
// of a vectorised dot product, with more rows it is that of the inner index.
#pragma once

#include "nn/kernels/real.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

// C = A B + bias 1ᵀ        A [m, k], B [k, n], C [m, n], bias [m] or null
void MultiplyAdd(const ConstMatrixRef& a, const ConstMatrixRef& b, const Real* bias, MatrixRef c);

// C += A B                 shapes as above
void AddMultiply(const ConstMatrixRef& a, const ConstMatrixRef& b, MatrixRef c);

// C = Aᵀ B                 A [k, m], B [k, n], C [m, n]
// `scratch` has room for m·k numbers: for more than a few columns Aᵀ is formed there first, so that
// whole vectors can be loaded.
void TransposeMultiply(const ConstMatrixRef& a, const ConstMatrixRef& b, Real* scratch,
                       MatrixRef c);

// C += A Bᵀ                A [m, k], B [n, k], C [m, n]
void AddMultiplyTranspose(const ConstMatrixRef& a, const ConstMatrixRef& b, MatrixRef c);

// Σ x_i of n contiguous numbers. Unlike Eigen's, the order of summation does not depend on the
// alignment of x.
Real Sum(const Real* x, Index n);

// B = Aᵀ                   A [m, n], B [n, m]
void Transpose(const ConstMatrixRef& a, MatrixRef b);

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
