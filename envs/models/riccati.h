// The optimum of the discrete linear-quadratic problem with cost Σ_k γ^k (xᵀQx + uᵀRu) and
// x' = A x + B u (Kalman 1960; Anderson & Moore 2007, chapter 2):
//
//   P = Q + γ AᵀPA − γ² AᵀPB (R + γ BᵀPB)⁻¹ BᵀPA,   K = γ (R + γ BᵀPB)⁻¹ BᵀPA
//
// u = −K x is optimal and xᵀPx is the cost from x. γ < 1 gives the optimum of a learner with this
// discount, whose gain is a little smaller.
#pragma once

#include "envs/core/environment.h"

namespace nabla::envs {

struct LinearQuadraticOptimum {
  Matrix gain;  // K [m, n]
  Matrix cost;  // P [n, n]
};

// A [n, n], B [n, m], Q [n, n] and R [m, m] symmetric. Iterates P ← right side from P = Q. Throws
// std::runtime_error if P has not converged to 1e-14 after 100,000 iterations: then no gain
// stabilises the system.
LinearQuadraticOptimum SolveRiccati(const Matrix& A, const Matrix& B, const Matrix& Q,
                                    const Matrix& R, double discount = 1);

// Whether a symmetric matrix has only eigenvalues ≥ 0 (`strictly`: > 0).
bool IsPositive(const Matrix& symmetric, bool strictly);

}  // namespace nabla::envs
