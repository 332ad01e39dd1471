// Elementwise activations a = f(v) with their first and second derivatives, in one table.
//
// A kernel runs over contiguous numbers. In float each value, slope f'(v) and curvature f''(v) has
// a relative error of at most 5e-7, saturation included, and results below 1e-36 an absolute error
// of at most 2e-36. Slope and curvature of silu have a root at finite v; there the error is
// relative to the terms that cancel, |σ| + |v σ'| and σ' (2 + |v| tanh(|v|/2)).
// At ±infinity values and derivatives are the limits, with the same errors. A value at NaN is NaN.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "nn/kernels/real.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

struct Activation {
  std::string name;
  std::string formula;
  bool is_identity = false;
  // Twice differentiable everywhere. Otherwise the derivatives are those away from the kink.
  bool is_smooth = false;

  // v[i] ← f(v[i])
  void (*evaluate)(Real* v, Index n) = nullptr;
  // v[i] ← f(v[i]), slope[i] ← f'(v[i])
  void (*forward)(Real* v, Real* slope, Index n) = nullptr;
  // curvature[i] ← f''(v[i])
  void (*curvature)(const Real* v, Real* curvature, Index n) = nullptr;
};

const std::vector<Activation>& Activations();

// Throws std::invalid_argument that lists the known names.
const Activation& FindActivation(std::string_view name);

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
