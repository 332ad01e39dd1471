// Backpropagation through time (Werbos 1990): the derivative of a recurrent network in reverse
// mode, through the steps that it remembers.
//
//   ∂E/∂z(n) = [c(n); (∂f/∂r at n + 1)ᵀ ∂E/∂z(n+1)],   ∂E/∂θ = Σ_n (∂f/∂θ at n)ᵀ ∂E/∂z(n)
//   with c(n) = ∂E/∂y(n)
//
// Cost O(P) a step, memory O(N · widths). Full: one window over the whole sequence. Truncated: the
// state runs on from window to window, the derivative stops at a window's first step; steps of
// burn-in (Kapturowski et al. 2019) only bring the state about and are not remembered.
//
//     Bptt bptt(network, batch, window);
//     bptt.BurnIn(x0);
//     for (...) y = bptt.Step(x);
//     bptt.Backward(c, gradient);   // and the next window begins
#pragma once

#include "nn/recurrent/recurrent.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

class Bptt {
 public:
  // Remembers up to `window` steps. `network` outlives this.
  Bptt(const RecurrentNetwork& network, Index batch, Index window);

  Index steps() const { return steps_; }  // remembered since the window began

  // y(n) [m_y, B] for x(n) [n_x, B]. Throws std::logic_error when the window is full.
  ConstMatrixRef Step(const ConstMatrixRef& x);

  // The same step outside of the window: Backward will not see it. Throws std::logic_error inside
  // a window.
  ConstMatrixRef BurnIn(const ConstMatrixRef& x);

  // Sample b begins anew at the next step: r_b = 0, and no derivative crosses.
  void Reset(Index sample);

  // gradient += ∂E/∂θ for c = ∂E/∂y of the remembered steps [m_y, steps·B]. The next window begins
  // at the present state.
  void Backward(const ConstMatrixRef& c, Vector& gradient);

  // E = ½ Σ_{n > burn_in} Σ_b ‖y_b(n) − d_b(n)‖² over a time series x [n_x, N·B] with targets
  // d [m_y, N·B], from r(0) = 0; gradient += ∂E/∂θ, truncated between windows: full where the
  // window holds N − burn_in steps. Returns E.
  double AddErrorGradient(const ConstMatrixRef& x, const ConstMatrixRef& d,
                          const Restarts& restarts, Index burn_in, Vector& gradient);

 private:
  const RecurrentNetwork& network_;
  Index batch_;
  Index steps_ = 0;
  Matrix state_;                // r(n) [m_r, B]
  std::vector<Matrix> inputs_;  // [x(n); r(n−1)] of each step
  std::vector<Tape> tapes_;
  Restarts restarts_;  // [B, window]
  RecurrentState burn_in_;
  Matrix cotangent_;        // ∂E/∂z(n)
  Matrix state_cotangent_;  // ∂E/∂r(n)
  Matrix residuals_;        // y − d of the window
};

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
