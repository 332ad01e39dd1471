// Eigenvalues and eigenvectors of small matrices. Eigen's decompositions take long to compile, so
// this file compiles them once.
#pragma once

#include "envs/core/environment.h"

namespace nabla::envs {

// The eigenvalues λ of A v = λ v for a square matrix, in no particular order.
Eigen::VectorXcd Eigenvalues(const Matrix& square);

// A = V diag(λ) Vᵀ with VᵀV = 1, λ ascending.
struct SymmetricSpectrum {
  Vector values;   // λ [n]
  Matrix vectors;  // V [n, n]
};

// Decomposes a symmetric matrix; only its lower triangle is read.
SymmetricSpectrum DecomposeSymmetric(const Matrix& symmetric);

}  // namespace nabla::envs
