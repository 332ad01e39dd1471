// exp, expm1, log1p, tanh and the logistic function without branches or table look-ups, over whole
// vector registers in float; in double, one number at a time, they are the standard library's.
//
// e^x = 2^n e^r with n = round(x / ln 2) and |r| ≤ ½ ln 2; e^r − 1 is its Taylor polynomial of
// degree 7, whose remainder r⁸/8! is below 6e-9, a tenth of a float's rounding.
#pragma once

#include <cmath>
#include <cstdint>

#include "nn/kernels/simd.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace elementary {

#ifdef NABLA_REAL_DOUBLE

using Lanes = double;
inline constexpr int kWidth = 1;
inline Lanes Load(const Real* p, Index) { return *p; }
inline void Store(Real* p, Lanes x, Index) { *p = x; }
inline Lanes Fill(Real x) { return x; }
inline Lanes Absolute(Lanes x) { return std::fabs(x); }
inline Lanes Exp(Lanes x) { return std::exp(x); }
inline Lanes Expm1(Lanes x) { return std::expm1(x); }
inline Lanes Log1p(Lanes x) { return std::log1p(x); }
inline Lanes Tanh(Lanes x) { return std::tanh(x); }
inline Lanes Sigmoid(Lanes x) { return 1 / (1 + std::exp(-x)); }
inline Lanes Sin(Lanes x) { return std::sin(x); }
inline Lanes Cos(Lanes x) { return std::cos(x); }

#else

using Lanes = simd::Pack;
inline constexpr int kWidth = simd::kLanes;
typedef std::int32_t Bits __attribute__((vector_size(simd::kBytes)));
inline constexpr std::int32_t kSignBit = INT32_MIN;

// Whole registers, then the rest: `left` numbers from p on.
inline Lanes Load(const Real* p, Index left) {
  return left >= kWidth ? simd::Load(p) : simd::LoadFirst(p, static_cast<int>(left));
}
inline void Store(Real* p, Lanes x, Index left) {
  if (left >= kWidth) {
    simd::Store(p, x);
  } else {
    simd::StoreFirst(p, x, static_cast<int>(left));
  }
}
inline Lanes Fill(Real x) { return Lanes{} + x; }
inline Lanes Absolute(Lanes x) { return (Lanes)((Bits)x & ~kSignBit); }

struct Reduced {
  Lanes scale;  // 2^n
  Lanes expm1;  // e^r − 1
};

inline Reduced Reduce(Lanes x) {
  constexpr float kLog2E = 1.44269504f;
  constexpr float kLn2High = 0.693359375f;    // 9 bits: n · kLn2High is exact
  constexpr float kLn2Low = -2.12194440e-4f;  // ln 2 − kLn2High
  constexpr float kRound = 12582912.0f;       // 1.5 · 2^23: adding it rounds to an integer
  constexpr float kLimit = 87.0f;             // e^±87 is still a normal number
  x = x < -kLimit ? Fill(-kLimit) : x;
  x = x > kLimit ? Fill(kLimit) : x;
  const Lanes shifted = x * kLog2E + kRound;
  const Lanes n = shifted - kRound;
  const Lanes r = (x - n * kLn2High) - n * kLn2Low;
  Lanes p = r * (1.0f / 5040) + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  // The low bits of `shifted` are n in two's complement; moved up they are n in the exponent.
  const Bits scale = ((Bits)shifted << 23) + 0x3f800000;
  return {(Lanes)scale, p * r};
}

// Relative error ≤ 2e-7 for |x| ≤ 87; clamped outside.
inline Lanes Exp(Lanes x) {
  const Reduced e = Reduce(x);
  return e.scale + e.scale * e.expm1;
}

// e^x − 1, accurate near 0 too.
inline Lanes Expm1(Lanes x) {
  const Reduced e = Reduce(x);
  return e.scale * e.expm1 + (e.scale - 1.0f);
}

// log(1 + x) for 0 ≤ x ≤ 1: 2 atanh z, z = x / (2 + x) ≤ 1/3, as a series in z² up to z^15.
inline Lanes Log1p(Lanes x) {
  const Lanes z = x * simd::Reciprocal(2.0f + x);
  const Lanes z2 = z * z;
  Lanes p = z2 * (1.0f / 15) + 1.0f / 13;
  p = p * z2 + 1.0f / 11;
  p = p * z2 + 1.0f / 9;
  p = p * z2 + 1.0f / 7;
  p = p * z2 + 1.0f / 5;
  p = p * z2 + 1.0f / 3;
  return 2.0f * (z + z * z2 * p);
}

// tanh x = t / (t + 2), t = e^{2|x|} − 1, with the sign of x. From |x| = 10 on it is ±1.
inline Lanes Tanh(Lanes x) {
  Lanes size = Absolute(x);
  size = size > 10.0f ? Fill(10.0f) : size;
  const Lanes t = Expm1(2.0f * size);
  const Lanes y = t * simd::Reciprocal(t + 2.0f);
  return (Lanes)((Bits)y | ((Bits)x & kSignBit));
}

inline Lanes Sigmoid(Lanes x) { return simd::Reciprocal(1.0f + Exp(-x)); }

inline Lanes Sin(Lanes x) {
  for (int i = 0; i < kWidth; ++i) x[i] = std::sin(x[i]);
  return x;
}
inline Lanes Cos(Lanes x) {
  for (int i = 0; i < kWidth; ++i) x[i] = std::cos(x[i]);
  return x;
}

// One number at a time, through one register.
inline Real Exp(Real x) { return Exp(Fill(x))[0]; }
inline Real Tanh(Real x) { return Tanh(Fill(x))[0]; }
inline Real Sigmoid(Real x) { return Sigmoid(Fill(x))[0]; }

#endif

}  // namespace elementary
}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
