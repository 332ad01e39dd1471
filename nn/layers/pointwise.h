// Pointwise: the map a = f(v) of each number with all its derivatives, the part that linear and
// elementwise layers have in common.
//
// In the tape: cache = f'(v), curvature = f''(v), cache_dot = f''(v) ∘ v_dot. The identity keeps
// nothing.
#pragma once

#include "nn/kernels/activation.h"
#include "nn/layers/layer.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

struct Pointwise {
  const Activation& f;

  void Prepare(Index size, const TapeShape& shape, LayerTape& tape) const;
  void Forward(bool keep, LayerTape& tape, MatrixRef y) const;  // y ← f(y)
  void Reverse(const LayerTape& tape, MatrixRef dy) const;      // dy ← δ = dy ∘ f'(v)
  void Jvp(LayerTape& tape, MatrixRef v_dot) const;             // v_dot ← f'(v) ∘ v_dot
  // (dy, dy_dot) ← (δ, δ_dot)
  void ReverseTangent(const LayerTape& tape, MatrixRef dy, MatrixRef dy_dot) const;
};

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
