// The optimum of the discrete linear-quadratic problem with cost Σ_k γ^k (xᵀQx + uᵀRu) and
// x' = A x + B u (Kalman 1960; Anderson & Moore 2007, chapter 2):
//
//   P = Q + γ AᵀPA − γ² AᵀPB (R + γ BᵀPB)⁻¹ BᵀPA,   K = γ (R + γ BᵀPB)⁻¹ BᵀPA
//
// u = −K x is optimal and xᵀPx the cost from x. With γ < 1 it is the optimum of a discounted
// learner, whose gain is a little smaller.
#pragma once

#include "envs/core/environment.h"

namespace nabla::envs {

struct LinearQuadraticOptimum {
  Matrix gain;  // K [m, n]
  Matrix cost;  // P [n, n]
};

// A [n, n], B [n, m], Q [n, n] and R [m, m] symmetric. Throws std::runtime_error if the iteration
// P ← right side from P = Q has not settled to 1e-14 after 100,000 rounds (no stabilising gain).
LinearQuadraticOptimum SolveRiccati(const Matrix& A, const Matrix& B, const Matrix& Q,
                                    const Matrix& R, double discount = 1);

// Whether a symmetric matrix has no eigenvalue below 0 (`strictly`: none at 0 either).
bool IsPositive(const Matrix& symmetric, bool strictly);

}  // namespace nabla::envs
