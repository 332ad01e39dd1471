// The weight Jacobian J of v = W x + b over a batch: the matrix itself, or its Gram matrix J Jᵀ.
//
// Row r = b·g + o of J belongs to column δ_r of the local gradients and to sample b = r / g:
//   ∂/∂w_ji = δ_r[j] x_b[i],   ∂/∂b_j = δ_r[j]
#pragma once

#include "nn/kernels/real.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

// The number of scratch elements for delta [outputs, B·g] and x [inputs, B].
Index JacobianScratchSize(Index outputs, Index batch, Index cotangents);
Index GramScratchSize(Index outputs, Index inputs, Index batch, Index cotangents);

// jacobian [B·g, n (n_in + 1)] = J, column-major, for delta [n, B·g] and x [n_in, B]. Each element
// is written once, in the order of memory: for one sample J is the outer product x ⊗ vec(δ).
void WriteAffineJacobian(const ConstMatrixRef& delta, const ConstMatrixRef& x, Real* scratch,
                         Real* jacobian);

// gram += J Jᵀ, upper triangle, without forming J:
//   (J Jᵀ)[r, r'] = (x_bᵀ x_b' + 1) · δ_rᵀ δ_r'
// If x is null, the first factor is 1: the Jacobian of the biases alone.
void AddAffineGram(const ConstMatrixRef& delta, const ConstMatrixRef* x, Real* scratch,
                   Matrix& gram);

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
