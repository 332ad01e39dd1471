// The matrix products of a training step.
//
// A tile of the result is held in registers during one pass over a block of the inner dimension.
// Parts of the factors that would not stay in the first cache level are first copied to contiguous
// memory (Goto & van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication"). All
// matrices are column-major with a leading dimension; a block of rows of a larger matrix is a valid
// operand. No function allocates memory.
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
void TransposeMultiply(const ConstMatrixRef& a, const ConstMatrixRef& b, MatrixRef c);

// C += A Bᵀ                A [m, k], B [n, k], C [m, n]
void AddMultiplyTranspose(const ConstMatrixRef& a, const ConstMatrixRef& b, MatrixRef c);

// Σ x_i of n contiguous numbers. Unlike Eigen's, the order of summation does not depend on the
// alignment of x.
Real Sum(const Real* x, Index n);

// B = Aᵀ                   A [m, n], B [n, m]
void Transpose(const ConstMatrixRef& a, MatrixRef b);

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
