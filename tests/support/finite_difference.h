// Central differences, the reference for every analytic derivative (double).
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace nabla::test {

// ∂f/∂x [m, n] of a vector function f: R^n → R^m by (f(x + h e_i) − f(x − h e_i)) / 2h, with one
// Richardson step (error O(h⁴)).
template <class F>
Eigen::MatrixXd CentralDifferences(const F& f, Eigen::VectorXd x, double h = 1e-3) {
  Eigen::MatrixXd jacobian;
  const auto difference = [&](Eigen::Index i, double step) -> Eigen::VectorXd {
    const double at = x[i];
    x[i] = at + step;
    const Eigen::VectorXd up = f(x);
    x[i] = at - step;
    const Eigen::VectorXd down = f(x);
    x[i] = at;
    return (up - down) / (2 * step);
  };
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    const Eigen::VectorXd column = (4 * difference(i, h / 2) - difference(i, h)) / 3;
    if (i == 0) jacobian.resize(column.size(), x.size());
    jacobian.col(i) = column;
  }
  return jacobian;
}

// The largest difference, relative to the largest entry of the reference.
inline double RelativeError(const Eigen::MatrixXd& value, const Eigen::MatrixXd& reference) {
  if (value.rows() != reference.rows() || value.cols() != reference.cols()) return INFINITY;
  if (value.size() == 0) return 0;
  const double scale = std::max(reference.cwiseAbs().maxCoeff(), 1e-6);
  const double error = (value - reference).cwiseAbs().maxCoeff() / scale;
  return std::isnan(error) ? INFINITY : error;
}

}  // namespace nabla::test
