// exp, log1p, tanh and the logistic function. In float they work on vector registers, without
// branches or tables; in double they call the standard library, one number at a time.
//
// e^x = 2^n e^r with n = round(x / ln 2) and |r| ≤ ½ ln 2; e^r − 1 is its Taylor polynomial of
// degree 7, whose remainder r⁸/8! is below 6e-9, a tenth of a float's rounding.
//
// The other functions follow from e^−a and 1 − e^−a (Decay). None of them subtracts numbers that
// are nearly equal, so results near 0 and near saturation also have a relative error of at most
// 5e-7 in float. For results below 1e-37 the absolute error is at most 1e-37.
#pragma once

#include <cmath>
#include <cstdint>

#include "nn/kernels/simd.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace elementary {

// Register: the numbers that one call processes, a vector register in float, one number in double.

#ifdef NABLA_REAL_DOUBLE

using Register = double;
inline constexpr int kWidth = 1;
inline Register Load(const Real* p, Index) { return *p; }
inline void Store(Real* p, Register x, Index) { *p = x; }
inline Register Fill(Real x) { return x; }
inline Register Absolute(Register x) { return std::fabs(x); }
inline Register CopySign(Register size, Register sign) { return std::copysign(size, sign); }
inline Register Reciprocal(Register x) { return 1 / x; }
inline Register Exp(Register x) { return std::exp(x); }
inline Register Log1p(Register x) { return std::log1p(x); }
inline Register Sin(Register x) { return std::sin(x); }
inline Register Cos(Register x) { return std::cos(x); }

#else

using Register = simd::Pack;
inline constexpr int kWidth = simd::kLanes;
typedef std::int32_t Bits __attribute__((vector_size(simd::kBytes)));
inline constexpr std::int32_t kSignBit = INT32_MIN;

// A whole register, or the `left` < kWidth numbers from p on.
inline Register Load(const Real* p, Index left) {
  return left >= kWidth ? simd::Load(p) : simd::LoadFirst(p, static_cast<int>(left));
}
inline void Store(Real* p, Register x, Index left) {
  if (left >= kWidth) {
    simd::Store(p, x);
  } else {
    simd::StoreFirst(p, x, static_cast<int>(left));
  }
}
inline Register Fill(Real x) { return Register{} + x; }
inline Register Absolute(Register x) { return (Register)((Bits)x & ~kSignBit); }
inline Register CopySign(Register size, Register sign) {
  return (Register)((Bits)size | ((Bits)sign & kSignBit));
}
inline Register Reciprocal(Register x) { return simd::Reciprocal(x); }

inline constexpr float kLowestExponent = -87.33f;  // e^x is a normal number from here on
inline constexpr float kHighestExponent = 88.3f;   // up to here

struct Reduced {
  Register scale;  // 2^n
  Register expm1;  // e^r − 1
};

// For x between the two exponents above.
inline Reduced Reduce(Register x) {
  constexpr float kLog2E = 1.44269504f;
  constexpr float kLn2High = 0.693359375f;    // 9 bits: n · kLn2High is exact
  constexpr float kLn2Low = -2.12194440e-4f;  // ln 2 − kLn2High
  constexpr float kRound = 12582912.0f;       // 1.5 · 2^23: adding it rounds to an integer
  const Register shifted = x * kLog2E + kRound;
  const Register n = shifted - kRound;
  const Register r = (x - n * kLn2High) - n * kLn2Low;
  Register p = r * (1.0f / 5040) + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  // The low bits of `shifted` are n in two's complement; shifted up they are n in the exponent.
  const Bits scale = ((Bits)shifted << 23) + 0x3f800000;
  return {(Register)scale, p * r};
}

// 0 for x < −87.33, infinity for x > 88.3.
inline Register Exp(Register x) {
  const Register raised = x < kLowestExponent ? Fill(kLowestExponent) : x;
  const Reduced e = Reduce(raised > kHighestExponent ? Fill(kHighestExponent) : raised);
  const Register y = e.scale + e.scale * e.expm1;
  const Register lower = x < kLowestExponent ? Fill(0) : y;
  return x > kHighestExponent ? Fill(INFINITY) : lower;
}

// log(1 + x) for 0 ≤ x ≤ 1: 2 atanh z, z = x / (2 + x) ≤ 1/3, as a series in z² up to z^15.
inline Register Log1p(Register x) {
  const Register z = x * Reciprocal(2.0f + x);
  const Register z2 = z * z;
  Register p = z2 * (1.0f / 15) + 1.0f / 13;
  p = p * z2 + 1.0f / 11;
  p = p * z2 + 1.0f / 9;
  p = p * z2 + 1.0f / 7;
  p = p * z2 + 1.0f / 5;
  p = p * z2 + 1.0f / 3;
  return 2.0f * (z + z * z2 * p);
}

inline Register Sin(Register x) {
  for (int i = 0; i < kWidth; ++i) x[i] = std::sin(x[i]);
  return x;
}
inline Register Cos(Register x) {
  for (int i = 0; i < kWidth; ++i) x[i] = std::cos(x[i]);
  return x;
}

#endif

#ifdef NABLA_REAL_DOUBLE
inline constexpr Real kDecayLimit = 700;
#else
inline constexpr Real kDecayLimit = -kLowestExponent;
#endif

// E = e^−a and 1 − E, each with its own relative accuracy. `a` is clamped from above, so that E
// remains a normal number.
struct Decay {
  Register a;
  Register exp;
  Register complement;

  explicit Decay(Register at) {  // at ≥ −kDecayLimit
    a = at > kDecayLimit ? Fill(kDecayLimit) : at;
#ifdef NABLA_REAL_DOUBLE
    exp = std::exp(-a);
    complement = -std::expm1(-a);
#else
    const Reduced e = Reduce(-a);
    exp = e.scale + e.scale * e.expm1;
    complement = (1.0f - e.scale) - e.scale * e.expm1;
#endif
  }
};

// tanh and its slope from E = e^{−2|x|}:
//   tanh x = sign(x) (1 − E) / (1 + E),   tanh' x = sech² x = 4 E / (1 + E)²
// The slope is not computed as 1 − tanh² x, which has no correct digit from |x| ≈ 9 on.
struct TanhParts {
  Register value;
  Register slope;

  explicit TanhParts(Register x) {
    const Decay decay(2 * Absolute(x));
    const Register q = Reciprocal(1 + decay.exp);
    value = CopySign(decay.complement * q, x);
    slope = 4 * decay.exp * q * q;
  }
};
inline Register Tanh(Register x) { return TanhParts(x).value; }
inline Register TanhSlope(Register x) { return TanhParts(x).slope; }

// The logistic function σ and what its derivatives need, from E = e^−x:
//   σ = 1 / (1 + E),   σ' = σ (E σ),   σ'' = −σ' tanh(x/2),   tanh(x/2) = (1 − E) σ
struct SigmoidParts {
  Register x;  // clamped to ±kDecayLimit, where σ' is practically 0
  Register value;
  Register slope;
  Register half_tanh;  // tanh(x/2)

  explicit SigmoidParts(Register at) {
    const Decay decay(at < -kDecayLimit ? Fill(-kDecayLimit) : at);
    x = decay.a;
    value = Reciprocal(1 + decay.exp);
    slope = decay.exp * value * value;
    half_tanh = decay.complement * value;
  }
};

#ifndef NABLA_REAL_DOUBLE

// One number at a time, in one register.
inline Real Exp(Real x) { return Exp(Fill(x))[0]; }
inline Real Tanh(Real x) { return Tanh(Fill(x))[0]; }
inline Real TanhSlope(Real x) { return TanhSlope(Fill(x))[0]; }

#endif

}  // namespace elementary
}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
