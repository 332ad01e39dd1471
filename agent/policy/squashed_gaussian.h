// SquashedGaussian: samples of the stochastic policy of SAC and TQC, their log-probability and its
// derivatives (Haarnoja et al. 2018b, appendix C).
//
//   [m; l] = head(s),   σ = exp(clamp(l, −20, 2)),   u = m + σ ∘ ξ,   ξ ~ N(0, I),   a = tanh u
//   log π(a|s) = Σ_i −½ ξ_i² − log σ_i − ½ log 2π − 2 (log 2 − u_i − softplus(−2 u_i))
//
// The last term is log(1 − a²) of the change of variables, computed from u without cancellation, so
// tanh is never inverted. With ξ held fixed (reparameterisation):
//
//   ∂log π/∂m = 2a    ∂log π/∂l = 2a ∘ σ ∘ ξ − 1    ∂a/∂m = 1 − a²    ∂a/∂l = (1 − a²) ∘ σ ∘ ξ
//
// 1 − a² is computed as the slope of tanh at u, which keeps its relative accuracy where a is ±1.
//
// Where l is clamped, ∂a/∂l = ∂log π/∂l = 0.
#pragma once

#include "agent/state/types.h"
#include "envs/core/random.h"

namespace nabla::agent {

class SquashedGaussian {
 public:
  SquashedGaussian(Index action_size, Index batch);

  // Draws a ~ π for head = [m; l] [2a, B].
  void Sample(const ConstMatrixRef& head, Rng& rng);

  const Matrix& action() const { return action_; }                    // [a, B]
  const Matrix& log_probability() const { return log_probability_; }  // [1, B]

  // Assigns head_cotangent [2a, B] = ∂L/∂head at the last sample, for
  // L = 1/B Σ_b α log π(a_b|s_b) + G(a) and action_cotangent [a, B] = ∂G/∂a.
  void Backward(double alpha, const Matrix& action_cotangent, Matrix& head_cotangent) const;

 private:
  void Transform();

  Matrix mean_;         // m                                     [a, B]
  Matrix log_sigma_;    // l
  Matrix noise_;        // ξ
  Matrix sigma_noise_;  // σ ∘ ξ, or 0 where l is clamped
  Matrix is_free_;      // 1, or 0 where l is clamped
  Matrix action_;
  Matrix slope_;            // 1 − a², computed from u without cancellation
  Matrix log_density_;      // the summands of log π             [a, B]
  Matrix log_probability_;  //                                   [1, B]
};

// The action for acting: a ~ π and a = tanh(m), for head [2a, n] and action [a, n].
void DrawAction(const ConstMatrixRef& head, Rng& rng, MatrixRef action);
void MeanAction(const ConstMatrixRef& head, MatrixRef action);

}  // namespace nabla::agent
