#include "envs/models/riccati.h"

#include <Eigen/Cholesky>
#include <stdexcept>

namespace nabla::envs {

LinearQuadraticOptimum SolveRiccati(const Matrix& A, const Matrix& B, const Matrix& Q,
                                    const Matrix& R, double discount) {
  constexpr int kIterations = 100000;
  constexpr double kConverged = 1e-14;
  constexpr double kDiverged = 1e100;
  // lazyProduct: the matrices are small, and Eigen's blocked product takes seconds to compile.
  Matrix P = Q;
  for (int i = 0; i < kIterations; ++i) {
    const Matrix PA = discount * P.lazyProduct(A);
    const Matrix PB = discount * P.lazyProduct(B);
    const Matrix curvature = R + B.transpose().lazyProduct(PB);
    const Matrix K = curvature.ldlt().solve(B.transpose().lazyProduct(PA));
    const Matrix BK = B.lazyProduct(K);
    Matrix next = Q + (A - BK).transpose().lazyProduct(PA);
    next = 0.5 * (next + next.transpose()).eval();
    const double change = (next - P).norm();
    P = next;
    const double size = P.norm();
    if (!(size < kDiverged)) break;
    if (change <= kConverged * size) return {K, P};
  }
  throw std::runtime_error(
      "the Riccati equation does not converge: A, B cannot be stabilised or R is not positive");
}

bool IsPositive(const Matrix& symmetric, bool strictly) {
  const Eigen::LDLT<Matrix> factors(symmetric);
  return factors.isPositive() && (!strictly || factors.vectorD().minCoeff() > 0);
}

}  // namespace nabla::envs
