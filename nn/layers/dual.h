// Dual numbers: a value with its derivative along one direction. A formula written once for a
// number type T gives its derivative when T is Dual; the gates of the recurrent cells use it.
#pragma once

#include "nn/kernels/real.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

struct Dual {
  Real value = 0;
  Real dot = 0;
};

inline Dual operator+(Dual a, Dual b) { return {a.value + b.value, a.dot + b.dot}; }
inline Dual operator-(Dual a, Dual b) { return {a.value - b.value, a.dot - b.dot}; }
inline Dual operator*(Dual a, Dual b) {
  return {a.value * b.value, a.dot * b.value + a.value * b.dot};
}
inline Dual operator-(Real a, Dual b) { return {a - b.value, -b.dot}; }

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
