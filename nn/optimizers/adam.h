// Adam (Kingma & Ba 2015, algorithm 1) on one flat parameter vector.
//
//   m ← β1 m + (1 − β1) g,   v ← β2 v + (1 − β2) g²
//   θ ← θ − α m̂ / (√v̂ + ε),   m̂ = m / (1 − β1^t),   v̂ = v / (1 − β2^t)
#pragma once

#include <cstdint>

#include "nn/kernels/real.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

struct AdamOptions {
  double learning_rate = 1e-3;  // α
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
};

class Adam {
 public:
  Adam() = default;
  Adam(Index size, const AdamOptions& options);

  // One descent step for `gradient`, in a single pass over memory.
  void Step(const Vector& gradient, Vector& parameters);

  Vector& first_moment() { return m_; }
  Vector& second_moment() { return v_; }
  std::int64_t& step() { return step_; }  // t, the number of steps taken
  AdamOptions& options() { return options_; }

 private:
  AdamOptions options_;
  Vector m_;
  Vector v_;
  std::int64_t step_ = 0;
};

// target ← (1 − τ) target + τ source (Polyak averaging)
void Polyak(const Vector& source, double tau, Vector& target);

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
