// Backpropagation through time (Werbos 1990): the derivative of a recurrent network in reverse
// mode, through the recorded steps.
//
//   ∂E/∂z(n) = [c(n); (∂f/∂r at n + 1)ᵀ ∂E/∂z(n+1)],   ∂E/∂θ = Σ_n (∂f/∂θ at n)ᵀ ∂E/∂z(n)
//   with c(n) = ∂E/∂y(n)
//
// It costs O(P) per step and O(N · widths) memory. Full BPTT uses one window over the whole
// sequence. With truncated BPTT the state continues from window to window, but the derivative stops
// at a window's first step. Burn-in steps (Kapturowski et al. 2019) only advance the state and are
// not recorded.
//
//     Bptt bptt(network, batch, window);
//     bptt.BurnIn(x0);
//     for (...) y = bptt.Step(x);
//     bptt.Backward(c, gradient);   // starts the next window
#pragma once

#include "nn/recurrent/recurrent.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

class Bptt {
 public:
  // Records up to `window` steps. `network` must outlive this object.
  Bptt(const RecurrentNetwork& network, Index batch, Index window);

  Index steps() const { return steps_; }  // recorded in this window

  // y(n) [m_y, B] for x(n) [n_x, B]. Throws std::logic_error when the window is full.
  ConstMatrixRef Step(const ConstMatrixRef& x);

  // The same step without recording it. Throws std::logic_error if the window already has steps.
  ConstMatrixRef BurnIn(const ConstMatrixRef& x);

  // Starts a new sequence in sample b: r_b = 0 before the next step, and no derivative crosses.
  void Reset(Index sample);

  // gradient += ∂E/∂θ for c = ∂E/∂y of the recorded steps [m_y, steps·B]. The next window starts at
  // the current state.
  void Backward(const ConstMatrixRef& c, Vector& gradient);

  // E = ½ Σ_{n > burn_in} Σ_b ‖y_b(n) − d_b(n)‖² over a time series x [n_x, N·B] with targets
  // d [m_y, N·B], from r(0) = 0; gradient += ∂E/∂θ, truncated between windows, hence exact if the
  // window has at least N − burn_in steps. Returns E.
  double AddErrorGradient(const ConstMatrixRef& x, const ConstMatrixRef& d,
                          const Restarts& restarts, Index burn_in, Vector& gradient);

 private:
  const RecurrentNetwork& network_;
  Index batch_;
  Index steps_ = 0;
  Matrix state_;  // r(n) [m_r, B]
  Matrix input_;  // [x(n); r(n−1)]
  std::vector<Tape> tapes_;
  Restarts restarts_;  // [B, window]
  RecurrentState burn_in_;
  Matrix cotangent_;        // ∂E/∂z(n)
  Matrix state_cotangent_;  // ∂E/∂r(n)
  Matrix residuals_;        // y − d of the window
};

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
