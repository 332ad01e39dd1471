// A value with its derivative along one direction (a dual number). A formula that is written once
// for a number type T also gives its derivative if T is ValueTangent. The gates of the recurrent
// cells use it for second derivatives.
#pragma once

#include "nn/kernels/real.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

struct ValueTangent {
  Real value = 0;
  Real dot = 0;
};

inline ValueTangent operator+(ValueTangent a, ValueTangent b) {
  return {a.value + b.value, a.dot + b.dot};
}
inline ValueTangent operator-(ValueTangent a, ValueTangent b) {
  return {a.value - b.value, a.dot - b.dot};
}
inline ValueTangent operator*(ValueTangent a, ValueTangent b) {
  return {a.value * b.value, a.dot * b.value + a.value * b.dot};
}
inline ValueTangent operator-(Real a, ValueTangent b) { return {a - b.value, -b.dot}; }

// The slope of a gate with the slope's tangent, for the gate s = σ(v) or t = tanh v itself:
//   d σ'(v) = (1 − 2 s) ds,   d tanh'(v) = −2 t dt
inline ValueTangent SigmoidSlope(Real slope, ValueTangent s) {
  return {slope, (1 - 2 * s.value) * s.dot};
}
inline ValueTangent TanhSlope(Real slope, ValueTangent t) { return {slope, -2 * t.value * t.dot}; }

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
