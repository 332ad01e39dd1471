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

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
