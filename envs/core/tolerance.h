// The reward terms in [0, 1] of the DeepMind Control Suite (Tassa et al. 2018).
#pragma once

#include <numbers>

#include "envs/core/scalar.h"

namespace nabla::envs {

// 1 at d = 0 and 0.1 at |d| = margin: exp(−½ (√(−2 ln 0.1) d / margin)²) = 0.1^(d/margin)².
template <class T>
T Near(const T& d, double margin) {
  return Exp(Constant<T>(-std::numbers::ln10 / (margin * margin)) * Square(d));
}

// max(0, 1 − u²).
template <class T>
T Quadratic(const T& u) {
  const T inside = T(1) - Square(u);
  return Select(inside > T(0), inside, T(0));
}

}  // namespace nabla::envs
