// The two ways to gather the weight Jacobian of v = W x + b over a batch (MATH.md rows 3 and 4).
//
// Row r = b·g + o of J belongs to local gradient column δ_r and sample b = r / g:
//   ∂/∂w_ji = δ_r[j] x_b[i],   ∂/∂b_j = δ_r[j]
#pragma once

#include "nn/kernels/real.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

// Numbers of scratch for delta [outputs, B·g] and x [inputs, B].
Index JacobianScratchSize(Index outputs, Index batch, Index cotangents);
Index GramScratchSize(Index outputs, Index inputs, Index batch, Index cotangents);

// J [B·g, n (n_in + 1)] column-major = the rows above, for delta [n, B·g] and x [n_in, B]. It is
// written front to back once: for one sample it is the outer product x ⊗ vec(δ).
void WriteAffineJacobian(const ConstMatrixRef& delta, const ConstMatrixRef& x, Real* scratch,
                         Real* jacobian);

// gram += J Jᵀ, upper triangle, without forming J:
//   (J Jᵀ)[r, r'] = (x_bᵀ x_b' + 1) · δ_rᵀ δ_r'
// With x null the first factor is 1: the Jacobian of the biases alone.
void AddAffineGram(const ConstMatrixRef& delta, const ConstMatrixRef* x, Real* scratch,
                   Matrix& gram);

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
