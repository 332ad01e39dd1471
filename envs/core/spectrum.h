// Eigenvalues and eigenvectors of small matrices. Eigen's decompositions are the longest of all
// code to compile: here they are compiled once.
#pragma once

#include "envs/core/environment.h"

namespace nabla::envs {

// λ of A v = λ v for a square matrix, in no order.
Eigen::VectorXcd Eigenvalues(const Matrix& square);

// A = V diag(λ) Vᵀ with VᵀV = 1, λ ascending.
struct SymmetricSpectrum {
  Vector values;   // λ [n]
  Matrix vectors;  // V [n, n]
};

// Of a symmetric matrix, of which the lower triangle alone is read.
SymmetricSpectrum DecomposeSymmetric(const Matrix& symmetric);

}  // namespace nabla::envs
