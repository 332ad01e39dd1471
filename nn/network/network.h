// Network: layers in a row over one flat parameter vector, with every derivative of its output.
//
//   a(0) = x,   a(k) = f_k(a(k−1); θ_k),   y = a(L)
//
// A network is const during passes; what a pass needs lives in a Tape, made once for a batch size,
// so that nothing is allocated afterwards. Two passes in flight use two tapes.
//
//     Tape tape = network.MakeTape(batch);
//     const Matrix& y = network.Forward(x, tape);
//     network.Vjp(tape, cotangent, &gradient, nullptr);
//
// n_0 = input_size, m = output_size, P = parameter_count, B = the tape's batch. The Jacobian of
// the outputs in θ over a batch is J [B·m, P]; its row b·m + o is ∂y_o/∂θ of sample b.
//
// Errors are std::invalid_argument, raised before anything is written. Wrong shapes name the layer
// and both shapes. The verbs from InputGradient on also refuse parameters that are not finite and
// name the block; Evaluate, Forward, Vjp and Jvp, the training step's, do not look.
#pragma once

#include <string>
#include <vector>

#include "nn/layers/sequence.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

// What a tape is made for, beyond Evaluate, Forward and Vjp. Each adds memory, none adds time to
// the verbs that do not need it (but for f''(v), which Forward keeps with `second_order`).
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

  Index batch_ = 0;
  TapeOptions options_;
  const Real* input_ =
      nullptr;  // Forward's x: it must stay alive and unchanged until the last verb
  Index input_stride_ = 0;
  std::vector<LayerTape> layers_;
  Matrix input_cotangent_;      // [n_0, B·m]
  Matrix input_cotangent_dot_;  // [n_0, B]
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

  // θ, all layers in order.
  Vector& parameters() { return parameters_; }
  const Vector& parameters() const { return parameters_; }
  // Throws, and changes nothing, unless θ has P finite numbers.
  void SetParameters(const Vector& theta);

  void Initialize(const UniformSource& uniform);

  Tape MakeTape(Index batch, const TapeOptions& options = {}) const;

  // y = f(x) [m, B] for x [n_0, B]. The result lies in the tape and holds until its next pass.
  // Evaluate keeps nothing for derivatives; Forward does.
  const Matrix& Evaluate(const ConstMatrixRef& x, Tape& tape) const;
  const Matrix& Forward(const ConstMatrixRef& x, Tape& tape) const;

  // --- First derivatives, after Forward ---

  // Vector–Jacobian product (MATH.md row 7), for c = cotangent [m, B]:
  //   dtheta += Σ_b ∂(c_bᵀ y_b)/∂θ   [P]                           skipped where null
  //   dx      = ∂(c_bᵀ y_b)/∂x_b      rows first_input … of each    skipped where null
  void Vjp(Tape& tape, const ConstMatrixRef& cotangent, Vector* dtheta, MatrixRef* dx,
           Index first_input = 0) const;

  // Jacobian–vector product: y_dot = (∂y/∂x) x_dot + (∂y/∂θ) theta_dot   [m, B] in the tape
  // for directions x_dot [n_0, B] and theta_dot [P]; a null one is zero.
  const Matrix& Jvp(Tape& tape, const ConstMatrixRef* x_dot, const Vector* theta_dot) const;

  // Input gradient (row 6): column b = vec(∂y_b/∂x_b), m × k column-major, for the k inputs from
  // first_input on; gradient [m·k, B]. For one output it is ∇_x y itself.
  void InputGradient(Tape& tape, MatrixRef gradient, Index first_input = 0) const;

  // Weight Jacobian (rows 3 and 4): jacobian [B·m, P] = J.
  void WeightJacobian(Tape& tape, Matrix& jacobian) const;

  // gram [B·m, B·m] = J Jᵀ, without forming J.
  void WeightGram(Tape& tape, Matrix& gram) const;

  // J v [m, B] in the tape, for v [P]: entry b·m + o of the product is (o, b).
  const Matrix& JacobianTimes(Tape& tape, const Vector& v) const;

  // product [P] = Jᵀ u, for u [m, B].
  void JacobianTransposeTimes(Tape& tape, const ConstMatrixRef& u, Vector& product) const;

  // The local gradient matrices Δ(k) (rows 1 and 2), left by InputGradient or WeightJacobian: for a
  // linear layer k [n_k, B·m], column b·m + o = ∂y_o/∂v(k) of sample b.
  const Matrix& LocalGradients(const Tape& tape, std::size_t k) const;

  // The activations a(k+1) of layer k [n_k, B], left by Evaluate or Forward.
  const Matrix& Output(const Tape& tape, std::size_t k) const;

  // --- Second derivatives of E = Σ_b c_bᵀ y_b, after Forward, by forward over reverse ---
  // For activations with a kink (relu) they are the almost-everywhere values.

  // H_xx v (row 10): product [n_0, B] = d/dε ∇_x E at x + ε v, for v [n_0, B].
  void InputHessianTimes(Tape& tape, const ConstMatrixRef& cotangent, const ConstMatrixRef& v,
                         MatrixRef product) const;

  // H_θx v (row 11): product [P] = ∂/∂θ Σ_b v_bᵀ ∇_{x_b} E, for v [n_0, B].
  void MixedHessianTimes(Tape& tape, const ConstMatrixRef& cotangent, const ConstMatrixRef& v,
                         Vector& product) const;

  // H_θθ u (row 12): product [P] = d/dε ∇_θ E at θ + ε u, for u [P].
  void ParameterHessianTimes(Tape& tape, const ConstMatrixRef& cotangent, const Vector& u,
                             Vector& product) const;

  // The three at once: along x + ε x_dot, θ + ε theta_dot (null is zero),
  //   dtheta_dot += d/dε ∇_θ E,   dx_dot = d/dε ∇_x E        both skipped where null
  void ReverseTangent(Tape& tape, const ConstMatrixRef& cotangent, const ConstMatrixRef* x_dot,
                      const Vector* theta_dot, Vector* dtheta_dot, MatrixRef* dx_dot) const;

  // Throws and names the first block of parameters that holds a number that is not finite.
  void RequireFinite() const;

 private:
  void CheckInput(const ConstMatrixRef& x, const Tape& tape) const;
  void CheckOutput(const char* what, const ConstMatrixRef& value, const Tape& tape) const;
  void CheckVector(const char* what, const Vector& value) const;
  void CheckForward(const Tape& tape, bool made_for, const char* option) const;
  // c(b·m + o) = e_o: the reverse pass then gives every output's derivative at once.
  void SeedOutputs(Tape& tape) const;
  void Reverse(Tape& tape, Index g, const ParameterSink& sink, MatrixRef* dx,
               Index first_input) const;
  Eigen::Map<const Matrix, 0, Eigen::OuterStride<>> Input(const Tape& tape) const;

  Sequence layers_;
  Vector parameters_;
};

// The network that a specification describes, with all parameters zero. Throws
// std::invalid_argument for unknown layers and for sizes that do not fit together.
Network MakeNetwork(const NetworkSpec& spec);

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
