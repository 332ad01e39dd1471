#include "envs/core/spectrum.h"

#include <Eigen/Eigenvalues>

namespace nabla::envs {

Eigen::VectorXcd Eigenvalues(const Matrix& square) { return square.eigenvalues(); }

SymmetricSpectrum DecomposeSymmetric(const Matrix& symmetric) {
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(symmetric);
  return {solver.eigenvalues(), solver.eigenvectors()};
}

}  // namespace nabla::envs
