// Network: layers one after another over one flat parameter vector, with all derivatives of the
// output.
//
//   a(0) = x,   a(k) = f_k(a(k−1); θ_k),   y = a(L)
//
// A network is const during passes. All memory of a pass is in a Tape, which is made once for a
// batch size, so no pass allocates. Two concurrent passes need two tapes.
//
//     Tape tape = network.MakeTape(batch);
//     const Matrix& y = network.Forward(x, tape);
//     network.Vjp(tape, cotangent, &gradient, nullptr);
//
// n_0 = input_size, m = output_size, P = parameter_count, B = batch size of the tape. The Jacobian
// of the outputs in θ over a batch is J [B·m, P]. Its row b·m + o is ∂y_o/∂θ of sample b.
//
// Errors are std::invalid_argument, thrown before anything is written. A wrong shape names the
// layer and both shapes. A tape is refused by a network of another structure, and a derivative
// needs a tape on which the last pass was Forward of the same network. InputGradient and the
// functions below it also refuse parameters that are not finite, and name the block; Evaluate,
// Forward, Vjp and Jvp, which a training step calls, do not check for that.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nn/layers/sequence.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

// What a tape supports besides Evaluate, Forward and Vjp. Each option costs memory. None costs time
// in the functions that do not need it, except that Forward computes f''(v) with `second_order`.
struct TapeOptions {
  bool jacobian = false;      // WeightJacobian, WeightGram, InputGradient of more than one output
  bool tangent = false;       // Jvp, JacobianTimes
  bool second_order = false;  // the Hessian products; includes tangent
};

class Tape {
 public:
  Index batch() const { return batch_; }

 private:
  friend class Network;

  enum class Pass { kNone, kEvaluate, kForward };

  Index batch_ = 0;
  TapeOptions options_;
  std::shared_ptr<const std::string> structure_;  // of the networks that it fits
  Pass last_pass_ = Pass::kNone;                  // the pass that the layers' tapes hold
  const Real* parameters_ = nullptr;              // θ of the network that ran it
  bool holds_local_gradients_ = false;            // of that pass
  Matrix input_;                                  // x of Forward [n_0, B]
  std::vector<LayerTape> layers_;
  Matrix input_cotangent_;  // [n_0, B·m]
};

class Network {
 public:
  Network() = default;
  Network(Index input_size, LayerList layers);

  Index input_size() const { return layers_.input_size(); }
  Index output_size() const { return layers_.output_size(); }
  Index parameter_count() const { return parameters_.size(); }
  std::size_t layer_count() const { return layers_.size(); }
  const Layer& layer(std::size_t k) const { return layers_.layer(k); }
  Index parameter_offset(std::size_t k) const { return layers_.offset(k); }
  NetworkSpec Spec() const { return {input_size(), layers_.Specs()}; }

  // θ, all layers in order. Do not change it between Forward and the derivatives that belong to it.
  Vector& parameters() { return parameters_; }
  const Vector& parameters() const { return parameters_; }
  // Throws, and changes nothing, unless θ has P finite numbers.
  void SetParameters(const Vector& theta);

  void Initialize(const UniformSource& uniform);

  Tape MakeTape(Index batch, const TapeOptions& options = {}) const;

  // y = f(x) [m, B] for x [n_0, B]. The result is in the tape and is valid until its next pass.
  // Forward keeps what the derivatives need, Evaluate does not.
  const Matrix& Evaluate(const ConstMatrixRef& x, Tape& tape) const;
  const Matrix& Forward(const ConstMatrixRef& x, Tape& tape) const;

  // --- First derivatives, after Forward ---

  // Vector–Jacobian product for c = cotangent [m, B]:
  //   dtheta += Σ_b ∂(c_bᵀ y_b)/∂θ   [P]                              may be null
  //   dx      = ∂(c_bᵀ y_b)/∂x_b      rows first_input … of each       may be null
  void Vjp(Tape& tape, const ConstMatrixRef& cotangent, Vector* dtheta, MatrixRef* dx,
           Index first_input = 0) const;

  // Jacobian–vector product: y_dot = (∂y/∂x) x_dot + (∂y/∂θ) theta_dot   [m, B] in the tape
  // for directions x_dot [n_0, B] and theta_dot [P]. A null direction is zero.
  const Matrix& Jvp(Tape& tape, const ConstMatrixRef* x_dot, const Vector* theta_dot) const;

  // Input gradient: column b = vec(∂y_b/∂x_b), m × k column-major, for the k inputs that start at
  // first_input; gradient [m·k, B]. For one output it is ∇_x y itself.
  void InputGradient(Tape& tape, MatrixRef gradient, Index first_input = 0) const;

  // Weight Jacobian: jacobian [B·m, P] = J.
  void WeightJacobian(Tape& tape, Matrix& jacobian) const;

  // gram [B·m, B·m] = J Jᵀ, without forming J.
  void WeightGram(Tape& tape, Matrix& gram) const;

  // J v [m, B] in the tape, for v [P]: entry b·m + o of the product is (o, b).
  const Matrix& JacobianTimes(Tape& tape, const Vector& v) const;

  // product [P] = Jᵀ u, for u [m, B].
  void JacobianTransposeTimes(Tape& tape, const ConstMatrixRef& u, Vector& product) const;

  // The local gradient matrices Δ(k) of the last InputGradient, WeightJacobian or WeightGram: for a
  // linear layer k [n_k, B·m], column b·m + o = ∂y_o/∂v(k) of sample b.
  const Matrix& LocalGradients(const Tape& tape, std::size_t k) const;

  // The activations a(k+1) of layer k [n_k, B], after Evaluate or Forward.
  const Matrix& Output(const Tape& tape, std::size_t k) const;

  // --- Second derivatives of E = Σ_b c_bᵀ y_b, after Forward, by forward over reverse mode ---
  // For activations with a kink (relu) they are the almost-everywhere values.

  // H_xx v: product [n_0, B] = d/dε ∇_x E at x + ε v, for v [n_0, B].
  void InputHessianTimes(Tape& tape, const ConstMatrixRef& cotangent, const ConstMatrixRef& v,
                         MatrixRef product) const;

  // H_θx v: product [P] = ∂/∂θ Σ_b v_bᵀ ∇_{x_b} E, for v [n_0, B].
  void MixedHessianTimes(Tape& tape, const ConstMatrixRef& cotangent, const ConstMatrixRef& v,
                         Vector& product) const;

  // H_θθ u: product [P] = d/dε ∇_θ E at θ + ε u, for u [P].
  void ParameterHessianTimes(Tape& tape, const ConstMatrixRef& cotangent, const Vector& u,
                             Vector& product) const;

  // All three at once: along x + ε x_dot, θ + ε theta_dot (a null direction is zero),
  //   dtheta_dot += d/dε ∇_θ E,   dx_dot = d/dε ∇_x E        each may be null
  void ReverseTangent(Tape& tape, const ConstMatrixRef& cotangent, const ConstMatrixRef* x_dot,
                      const Vector* theta_dot, Vector* dtheta_dot, MatrixRef* dx_dot) const;

  // Throws std::invalid_argument if a parameter is not finite, and names the first such block.
  void RequireFinite() const;

 private:
  void CheckTape(const Tape& tape) const;
  void CheckInput(const ConstMatrixRef& x, const Tape& tape) const;
  void CheckOutput(const char* what, const ConstMatrixRef& value, const Tape& tape) const;
  void CheckVector(const char* what, const Vector& value) const;
  // `made_for`: whether the tape was made with the named option.
  void CheckForward(const Tape& tape, bool made_for, const char* option) const;
  void CheckLayer(std::size_t k) const;
  const Matrix& Run(const ConstMatrixRef& x, Tape::Pass pass, Tape& tape) const;
  // c(b·m + o) = e_o: the reverse pass then yields the derivatives of all outputs.
  void SeedOutputs(Tape& tape) const;
  void Reverse(Tape& tape, Index g, const ParameterSink& sink, MatrixRef* dx,
               Index first_input) const;

  Sequence layers_;
  // "linear(3 -> 64, silu), linear(64 -> 1, identity)"; copies of a network share it.
  std::shared_ptr<const std::string> structure_;
  Vector parameters_;
};

// The network that a specification describes, with all parameters zero. Throws
// std::invalid_argument for unknown layers and for sizes that do not fit together.
Network MakeNetwork(const NetworkSpec& spec);

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
