// Matrix products of a training step, the one place where they are computed.
//
// The matrices of a network are small (16 to 512 rows) and stay in the first two cache levels, so
// there is no packing: a tile of the result is held in registers while the inner dimension runs
// once. All matrices are column-major with a leading dimension; a block of rows of a larger matrix
// is a valid operand. Each element of a result is summed in the order of the inner index, whatever
// the number of columns: one sample computed alone has the bits it has inside a batch.
#pragma once

#include "nn/kernels/real.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

// C = A B + bias 1ᵀ        A [m, k], B [k, n], C [m, n], bias [m] or null
void MultiplyAdd(const ConstMatrixRef& a, const ConstMatrixRef& b, const Real* bias, MatrixRef c);

// C += A B                 shapes as above
void AddMultiply(const ConstMatrixRef& a, const ConstMatrixRef& b, MatrixRef c);

// C = Aᵀ B                 A [k, m], B [k, n], C [m, n]
// `scratch` holds m·k numbers: for more than a few columns Aᵀ is laid out there first, so that
// whole vectors are loaded.
void TransposeMultiply(const ConstMatrixRef& a, const ConstMatrixRef& b, Real* scratch,
                       MatrixRef c);

// C += A Bᵀ                A [m, k], B [n, k], C [m, n]
void AddMultiplyTranspose(const ConstMatrixRef& a, const ConstMatrixRef& b, MatrixRef c);

// B = Aᵀ                   A [m, n], B [n, m]
void Transpose(const ConstMatrixRef& a, MatrixRef b);

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
