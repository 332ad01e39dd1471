// Dual<N>: a number and its N partial derivatives (forward mode).
//
//   x = value + Σ_i d_i ε_i,   ε_i ε_j = 0   ⇒   f(x) = f(value) + f'(value) Σ_i d_i ε_i
//
// A model evaluated with Dual<n + m> at s_i = (s_i, e_i), a_j = (a_j, e_{n+j}) gives the exact
// Jacobian with respect to state and action in one pass (Griewank & Walther 2008, chapter 3).
//
// At a kink (a clamp, a wrap, |x|, a comparison) the derivative is that of the branch that the
// value takes; Clamp counts its bounds as inside. N is small, so the derivatives are one vector
// register (the vector extension of GCC and Clang); benchmarks/envs.cc measures the speed.
#pragma once

#include "envs/core/scalar.h"

#pragma GCC diagnostic push
// Vectors wider than the target's registers are passed in memory. No such call leaves the library.
#pragma GCC diagnostic ignored "-Wpsabi"

namespace nabla::envs {

// A vector of at least N doubles: the next larger of 4, 8, 16, 32.
template <int N, int width = N <= 4    ? 4
                             : N <= 8  ? 8
                             : N <= 16 ? 16
                                       : 32>
struct DualLanes;
template <int N>
struct DualLanes<N, 4> {
  typedef double Type __attribute__((vector_size(32)));
};
template <int N>
struct DualLanes<N, 8> {
  typedef double Type __attribute__((vector_size(64)));
};
template <int N>
struct DualLanes<N, 16> {
  typedef double Type __attribute__((vector_size(128)));
};
template <int N>
struct DualLanes<N, 32> {
  typedef double Type __attribute__((vector_size(256)));
};

template <int N>
struct Dual {
  static_assert(N >= 1 && N <= 32, "a model has at most 32 states and actions together");
  using Lanes = typename DualLanes<N>::Type;

  double value = 0;
  Lanes d = {};

  Dual() = default;
  Dual(double constant) : value(constant) {}  // NOLINT: implicit, as for numbers
  Dual(double v, const Lanes& derivatives) : value(v), d(derivatives) {}

  // The i-th independent variable.
  static Dual Variable(double v, int i) {
    Dual x(v);
    x.d[i] = 1;
    return x;
  }

  Dual operator-() const { return {-value, -d}; }
  Dual& operator+=(const Dual& b) { return *this = *this + b; }
  Dual& operator-=(const Dual& b) { return *this = *this - b; }
  Dual& operator*=(const Dual& b) { return *this = *this * b; }

  friend Dual operator+(const Dual& a, const Dual& b) { return {a.value + b.value, a.d + b.d}; }
  friend Dual operator-(const Dual& a, const Dual& b) { return {a.value - b.value, a.d - b.d}; }
  friend Dual operator*(const Dual& a, const Dual& b) {
    return {a.value * b.value, a.d * b.value + b.d * a.value};
  }
  friend Dual operator/(const Dual& a, const Dual& b) {
    const double quotient = a.value / b.value;
    return {quotient, (a.d - b.d * quotient) * (1 / b.value)};
  }
  friend Dual operator+(const Dual& a, double b) { return {a.value + b, a.d}; }
  friend Dual operator+(double a, const Dual& b) { return {a + b.value, b.d}; }
  friend Dual operator-(const Dual& a, double b) { return {a.value - b, a.d}; }
  friend Dual operator-(double a, const Dual& b) { return {a - b.value, -b.d}; }
  friend Dual operator*(const Dual& a, double b) { return {a.value * b, a.d * b}; }
  friend Dual operator*(double a, const Dual& b) { return {a * b.value, b.d * a}; }
  friend Dual operator/(const Dual& a, double b) { return {a.value / b, a.d * (1 / b)}; }
  friend Dual operator/(double a, const Dual& b) { return Dual(a) / b; }

  // Comparisons ignore the derivatives.
  friend bool operator<(const Dual& a, const Dual& b) { return a.value < b.value; }
  friend bool operator<=(const Dual& a, const Dual& b) { return a.value <= b.value; }
  friend bool operator>(const Dual& a, const Dual& b) { return a.value > b.value; }
  friend bool operator>=(const Dual& a, const Dual& b) { return a.value >= b.value; }
};

template <int N>
Dual<N> Sin(const Dual<N>& x) {
  return {std::sin(x.value), x.d * std::cos(x.value)};
}
template <int N>
Dual<N> Cos(const Dual<N>& x) {
  return {std::cos(x.value), x.d * -std::sin(x.value)};
}
template <int N>
Dual<N> Exp(const Dual<N>& x) {
  const double e = std::exp(x.value);
  return {e, x.d * e};
}
// The derivative at 0 is 0 by definition: the root of a sum of squares has a kink there.
template <int N>
Dual<N> Sqrt(const Dual<N>& x) {
  const double root = std::sqrt(x.value);
  return {root, x.d * (root > 0 ? 0.5 / root : 0.0)};
}
template <int N>
Dual<N> Abs(const Dual<N>& x) {
  return x.value < 0 ? -x : x;
}
template <int N>
Dual<N> Select(bool condition, const Dual<N>& a, const Dual<N>& b) {
  return condition ? a : b;
}
template <int N>
Dual<N> Clamp(const Dual<N>& x, double low, double high) {
  if (x.value < low) return low;
  if (x.value > high) return high;
  return x;
}
template <int N>
Dual<N> Sign(const Dual<N>& x) {
  return Sign(x.value);
}
template <int N>
Dual<N> WrapAngle(const Dual<N>& x) {
  return {WrapAngle(x.value), x.d};
}
template <int N>
Dual<N> WrapAngleByTurns(const Dual<N>& x) {
  return {WrapAngleByTurns(x.value), x.d};
}

}  // namespace nabla::envs

#pragma GCC diagnostic pop
