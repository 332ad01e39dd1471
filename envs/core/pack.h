// Pack: the floats of one vector register, each from a different copy of the environment
// (float_batch.h): 16 with AVX-512, 8 with AVX, else 4. Uses the vector extension of GCC and Clang.
//
// The functions are float polynomials (Cephes; Moshier 1989) with an error of at most 2 units in
// the last place. Sine and cosine are valid for |x| ≤ 8192; exp is 0 below −87 and clamps x at 88.
#pragma once

#include <cstdint>

#include "envs/core/scalar.h"

namespace nabla::envs {

#if defined(__AVX512F__)
inline constexpr int kPackSize = 16;
#elif defined(__AVX__)
inline constexpr int kPackSize = 8;
#else
inline constexpr int kPackSize = 4;
#endif

struct PackMask {
  typedef std::int32_t Lanes __attribute__((vector_size(4 * kPackSize)));
  Lanes v = {};  // −1 true, 0 false
};

struct Pack {
  typedef float Lanes __attribute__((vector_size(4 * kPackSize)));
  Lanes v = {};

  Pack() = default;
  Pack(float x) : v(x - Lanes{}) {}  // NOLINT: implicit, as for numbers
  explicit Pack(Lanes lanes) : v(lanes) {}

  Pack operator-() const { return Pack(-v); }
  Pack& operator+=(Pack b) { return *this = *this + b; }

  friend Pack operator+(Pack a, Pack b) { return Pack(a.v + b.v); }
  friend Pack operator-(Pack a, Pack b) { return Pack(a.v - b.v); }
  friend Pack operator*(Pack a, Pack b) { return Pack(a.v * b.v); }
  friend Pack operator/(Pack a, Pack b) { return Pack(a.v / b.v); }
  friend PackMask operator<(Pack a, Pack b) { return {a.v < b.v}; }
  friend PackMask operator<=(Pack a, Pack b) { return {a.v <= b.v}; }
  friend PackMask operator>(Pack a, Pack b) { return {a.v > b.v}; }
  friend PackMask operator>=(Pack a, Pack b) { return {a.v >= b.v}; }
};

template <>
struct ScalarTraits<Pack> {
  using Constant = float;
  using Mask = PackMask;
};

inline PackMask And(PackMask a, PackMask b) { return {a.v & b.v}; }
inline PackMask Or(PackMask a, PackMask b) { return {a.v | b.v}; }
inline Pack Select(PackMask condition, Pack a, Pack b) { return Pack(condition.v ? a.v : b.v); }

inline Pack Clamp(Pack x, double low, double high) {
  const Pack a(static_cast<float>(low)), b(static_cast<float>(high));
  const Pack above = Select(x < a, a, x);
  return Select(above > b, b, above);
}
inline Pack Abs(Pack x) { return Select(x < Pack(0), -x, x); }
inline Pack Sign(Pack x) { return Select(x > 0, 1, Select(x < 0, -1, 0)); }
inline Pack Sqrt(Pack x) {
  for (int i = 0; i < kPackSize; ++i) x.v[i] = std::sqrt(x.v[i]);
  return x;
}

// The nearest integer for |x| < 2^22. Adding 1.5 · 2^23 leaves no fraction bits and puts the
// integer into the low bits of the sum.
struct Rounded {
  Pack value;
  PackMask::Lanes integer;
};
inline Rounded Round(Pack x) {
  constexpr float kShift = 0x1.8p23f;
  const Pack sum = x + kShift;
  return {sum - kShift, reinterpret_cast<PackMask::Lanes>(sum.v)};
}

// x − 2π · (nearest whole number of turns), in [−π, π].
inline Pack WrapAngle(Pack x) {
  const Pack turns = Round(x * static_cast<float>(1 / (2 * kPi))).value;
  return x - turns * 6.28125f - turns * static_cast<float>(2 * kPi - 6.28125);
}
inline Pack WrapAngleByTurns(Pack x) { return WrapAngle(x); }

// x = q π/2 + r with |r| ≤ π/4: polynomials for the sine and cosine of r, swapped for odd q.
struct SineCosine {
  Pack sine, cosine;
  PackMask::Lanes quadrant;
};
inline SineCosine Quadrant(Pack x) {
  const Rounded q = Round(x * static_cast<float>(2 / kPi));
  // π/2 is split into three parts; products with the first two are exact (Cody & Waite 1980).
  const Pack r = ((x - q.value * 1.5703125f) - q.value * 4.837512969970703125e-4f) -
                 q.value * 7.549789948768648e-8f;
  const Pack z = r * r;
  const Pack sine =
      r + r * z * ((Pack(-1.9515295891e-4f) * z + 8.3321608736e-3f) * z - 1.6666654611e-1f);
  const Pack cosine =
      z * z *
          ((Pack(2.443315711809948e-5f) * z - 1.388731625493765e-3f) * z + 4.166664568298827e-2f) -
      z * 0.5f + 1.0f;
  const PackMask odd = {(q.integer & 1) != 0};
  return {Select(odd, cosine, sine), Select(odd, sine, cosine), q.integer};
}
inline Pack Sin(Pack x) {
  const SineCosine part = Quadrant(x);
  return Select({(part.quadrant & 2) != 0}, -part.sine, part.sine);
}
inline Pack Cos(Pack x) {
  const SineCosine part = Quadrant(x);
  return Select({((part.quadrant + 1) & 2) != 0}, -part.cosine, part.cosine);
}

// 2^n e^r with n = round(x / ln 2), |r| ≤ ln 2 / 2.
inline Pack Exp(Pack x) {
  const Pack y = Clamp(x, -87, 88);
  const Rounded n = Round(y * 1.44269504088896341f);
  const Pack r = (y - n.value * 0.693359375f) + n.value * 2.12194440e-4f;
  Pack p = 1.9875691500e-4f;
  for (const float c :
       {1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f}) {
    p = p * r + c;
  }
  const Pack e = p * r * r + r + 1.0f;
  const Pack scaled(
      reinterpret_cast<Pack::Lanes>(reinterpret_cast<PackMask::Lanes>(e.v) + (n.integer << 23)));
  return Select(x < -87, 0, scaled);
}

}  // namespace nabla::envs
