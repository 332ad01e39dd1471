#include "nn/optimizers/adam.h"

#include <cmath>

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

Adam::Adam(Index size, const AdamOptions& options)
    : options_(options), m_(Vector::Zero(size)), v_(Vector::Zero(size)) {}

void Adam::Step(const Vector& gradient, Vector& parameters) {
  eigen_assert(gradient.size() == m_.size() && parameters.size() == m_.size());
  ++step_;
  const auto t = static_cast<double>(step_);
  // The step size and ε contain the bias corrections of m̂ and v̂.
  const double root = std::sqrt(1 - std::pow(options_.beta2, t));
  const Real rate =
      static_cast<Real>(options_.learning_rate * root / (1 - std::pow(options_.beta1, t)));
  const Real epsilon = static_cast<Real>(options_.epsilon * root);
  const Real keep1 = static_cast<Real>(options_.beta1), add1 = 1 - keep1;
  const Real keep2 = static_cast<Real>(options_.beta2), add2 = 1 - keep2;
  const Real* __restrict g = gradient.data();
  Real* __restrict m = m_.data();
  Real* __restrict v = v_.data();
  Real* __restrict theta = parameters.data();
  for (Index i = 0; i < m_.size(); ++i) {
    m[i] = keep1 * m[i] + add1 * g[i];
    v[i] = keep2 * v[i] + add2 * g[i] * g[i];
    theta[i] -= rate * m[i] / (std::sqrt(v[i]) + epsilon);
  }
}

void Polyak(const Vector& source, double tau, Vector& target) {
  target += static_cast<Real>(tau) * (source - target);
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
