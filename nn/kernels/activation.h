// Elementwise activations a = f(v) with their first and second derivatives.
//
// One table, one line an activation. A kernel runs over contiguous numbers; the float versions use
// own branch-free exponentials that the compiler turns into vector code.
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
  bool is_smooth =
      false;  // twice differentiable everywhere; else the derivatives hold off the kink

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
