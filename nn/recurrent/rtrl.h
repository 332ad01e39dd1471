// Real-time recurrent learning (Williams & Zipser 1989): the derivative of a recurrent network in
// forward mode, for learning online.
//
//   Z(n) = ∂f/∂θ + (∂f/∂r) Γ_r Z(n−1),   Z(0) = 0,   both at (x(n), Γ_r z(n−1))
//   ∂E/∂θ = Σ_n c(n)ᵀ Γ_y Z(n),           c(n) = ∂E/∂y(n)
//
// Z(n) [m_y + m_r, P] is the total derivative of z(n). It needs O((m_y + m_r) P) memory per sample,
// independent of the length, and O((m_y + m_r) m_r P) operations per step. It is exact as long as θ
// does not change during the sequence; a learning step within it makes Z approximate.
//
// Two corrections of the source note (nn/README.md): its start Z(1) = ∂f(0, 0)/∂θ is wrong unless
// x(1) = 0, and x has the index n of the z(n) that it produces.
#pragma once

#include "nn/recurrent/recurrent.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

class Rtrl {
 public:
  // `network` must outlive this object. Its parameters may change between steps.
  Rtrl(const RecurrentNetwork& network, Index batch);

  // y(n) [m_y, B] for x(n) [n_x, B]; advances z and Z.
  ConstMatrixRef Step(const ConstMatrixRef& x);

  // Starts a new sequence in sample b: z_b = 0, Z_b = 0.
  void Reset(Index sample);

  // gradient += Σ_b c_bᵀ Γ_y Z_b(n), for c = ∂E/∂y(n) [m_y, B]
  void AddGradient(const ConstMatrixRef& c, Vector& gradient);

  // E = ½ Σ_n Σ_b ‖y_b(n) − d_b(n)‖² over a time series x [n_x, N·B] with targets d [m_y, N·B],
  // from z(0) = 0; gradient += ∂E/∂θ, exact for any length. Returns E.
  double AddErrorGradient(const ConstMatrixRef& x, const ConstMatrixRef& d,
                          const Restarts& restarts, Vector& gradient);

  // Z(n) of every sample [B·(m_y + m_r), P]; sample b starts at row b·(m_y + m_r).
  const Matrix& sensitivity() const { return z_theta_; }

 private:
  const RecurrentNetwork& network_;
  Tape tape_;
  Matrix input_;      // [x(n); r(n−1)]
  Matrix df_dr_;      // column b = vec(∂f/∂r) [(m_y + m_r)·m_r, B]
  Matrix z_theta_;    // Z(n)
  Matrix previous_;   // Z(n−1)
  Vector cotangent_;  // Γ_yᵀ c of every sample
  Matrix residual_;   // y − d
};

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
