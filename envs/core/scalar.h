// The functions that models are written in, so that one source serves all scalar types:
//
//   double   simulation
//   float    one copy of a FloatBatch
//   Dual<N>  exact derivatives (dual.h)
//   Pack     a register of floats, one for each copy of a FloatBatch (pack.h)
//
// A model calls Sin(x), Select(x < y, a, b), ... and never branches on a scalar, because the
// copies in a pack may take different branches. dual.h and pack.h hold the overloads for their
// types.
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <numbers>

namespace nabla::envs {

inline constexpr double kPi = std::numbers::pi;

// The type of a constant that multiplies a T, and of a comparison of two T.
template <class T>
struct ScalarTraits {
  using Constant = double;
  using Mask = bool;
};
template <>
struct ScalarTraits<float> {
  using Constant = float;
  using Mask = bool;
};
template <class T>
using MaskOf = typename ScalarTraits<T>::Mask;

// A parameter (double) in the precision of T: Constant<T>(2 * gravity) * Sin(x).
template <class T>
constexpr typename ScalarTraits<T>::Constant Constant(double x) {
  return static_cast<typename ScalarTraits<T>::Constant>(x);
}

template <std::floating_point T>
T Sin(T x) {
  return std::sin(x);
}
template <std::floating_point T>
T Cos(T x) {
  return std::cos(x);
}
template <std::floating_point T>
T Exp(T x) {
  return std::exp(x);
}
template <std::floating_point T>
T Sqrt(T x) {
  return std::sqrt(x);
}
template <std::floating_point T>
T Abs(T x) {
  return std::abs(x);
}

inline bool And(bool a, bool b) { return a && b; }
inline bool Or(bool a, bool b) { return a || b; }

// condition ? a : b; both are evaluated.
template <class T>
requires std::floating_point<T> T Select(bool condition, T a, T b) { return condition ? a : b; }

template <class T>
T Square(const T& x) {
  return x * x;
}

// min(max(x, low), high). Its derivative is that of x where low ≤ x ≤ high, else 0.
template <std::floating_point T>
T Clamp(T x, double low, double high) {
  return std::clamp(x, static_cast<T>(low), static_cast<T>(high));
}

// −1, 0 or 1. Its derivative is 0.
template <std::floating_point T>
T Sign(T x) {
  return static_cast<T>((T(0) < x) - (x < T(0)));
}

// The angle in [−π, π), as Python computes ((x + π) % 2π) − π: a remainder with the sign of the
// divisor. Its derivative is 1.
template <std::floating_point T>
T WrapAngle(T x) {
  constexpr T kFull = static_cast<T>(2 * kPi);
  const T shifted = x + static_cast<T>(kPi);
  // The fused product is exact, so that there is one rounding, as in the modulo. fmod itself is
  // slow and serves only angles so large that the quotient may be off by more than one.
  const T turns = std::floor(shifted / kFull);
  T wrapped = std::fma(-turns, kFull, shifted);
  if (std::abs(turns) > T(1e6)) wrapped = std::fmod(shifted, kFull);
  if (wrapped < 0) wrapped += kFull;
  if (wrapped >= kFull) wrapped -= kFull;
  return wrapped - static_cast<T>(kPi);
}

// The angle in [−π, π]. Adds or subtracts whole turns one by one, so that the rounding is that of
// Gymnasium's Acrobot-v1; beyond 1000 turns it takes the exact remainder. Its derivative is 1.
template <std::floating_point T>
T WrapAngleByTurns(T x) {
  const T pi = static_cast<T>(kPi), full = static_cast<T>(2 * kPi);
  if (!(std::abs(x) <= 1000 * full)) return std::remainder(x, full);
  while (x > pi) x -= full;
  while (x < -pi) x += full;
  return x;
}

}  // namespace nabla::envs
