// One step of the classical fourth-order Runge–Kutta method (Kutta 1901):
//
//   k1 = f(y),  k2 = f(y + h/2 k1),  k3 = f(y + h/2 k2),  k4 = f(y + h k3)
//   y' = y + h/6 (k1 + 2 k2 + 2 k3 + k4)
#pragma once

#include <array>

#include "envs/core/scalar.h"

namespace nabla::envs {

// `f` maps std::array<T, n> to its time derivative.
template <class T, std::size_t n, class F>
std::array<T, n> RungeKutta4(const F& f, const std::array<T, n>& y, double h) {
  const auto moved = [&y](const std::array<T, n>& k, double step) {
    std::array<T, n> result;
    for (std::size_t i = 0; i < n; ++i) result[i] = y[i] + Constant<T>(step) * k[i];
    return result;
  };
  const std::array<T, n> k1 = f(y);
  const std::array<T, n> k2 = f(moved(k1, h / 2));
  const std::array<T, n> k3 = f(moved(k2, h / 2));
  const std::array<T, n> k4 = f(moved(k3, h));
  std::array<T, n> next;
  for (std::size_t i = 0; i < n; ++i) {
    const T sum = k1[i] + Constant<T>(2) * k2[i] + Constant<T>(2) * k3[i] + k4[i];
    next[i] = y[i] + Constant<T>(h / 6) * sum;
  }
  return next;
}

}  // namespace nabla::envs
