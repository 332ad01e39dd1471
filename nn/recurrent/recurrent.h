// RecurrentNetwork: a network over [x; r] → [y; r'] that is applied step by step in time.
//
//   z(n) = [y(n); r(n)] = f(x(n), Γ_r z(n−1)),   z(0) = 0
//   Γ_y = [I 0], Γ_r = [0 I]
//
// f is any Network: a feed-forward one, or a GRU or LSTM cell (a layer [x; r] → r') followed by
// output layers (nn/layers/recurrent_output.cc). One RTRL (nn/recurrent/rtrl.h) and one BPTT
// (nn/recurrent/bptt.h) work for all of them.
//
// n_x = input_size, m_y = output_size, m_r = state_size. A batch is B independent sequences; a time
// series of N steps is a matrix of N·B columns, with step n in columns n·B … n·B + B − 1.
#pragma once

#include "nn/network/network_config.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

// Where new sequences start: entry (b, n) resets sample b before step n. Empty: nowhere.
using Restarts = Eigen::Matrix<bool, Eigen::Dynamic, Eigen::Dynamic>;  // [B, N]

// The state of a batch of sequences.
struct RecurrentState {
  Matrix input;  // [x(n); r(n−1)]  [n_x + m_r, B]
  Tape tape;
};

class RecurrentNetwork {
 public:
  RecurrentNetwork() = default;
  // f takes state_size inputs besides x and yields state_size outputs besides y. Throws
  // std::invalid_argument if that leaves no input or no output.
  RecurrentNetwork(Network f, Index state_size);

  Index input_size() const { return f_.input_size() - state_size_; }
  Index output_size() const { return f_.output_size() - state_size_; }
  Index state_size() const { return state_size_; }
  Index parameter_count() const { return f_.parameter_count(); }
  const Network& f() const { return f_; }
  Vector& parameters() { return f_.parameters(); }
  const Vector& parameters() const { return f_.parameters(); }
  void Initialize(const UniformSource& uniform) { f_.Initialize(uniform); }

  // r(0) = 0 for every sample.
  RecurrentState MakeState(Index batch) const;

  // y(n) [m_y, B] for x(n) [n_x, B]; advances the state, which holds the result.
  ConstMatrixRef Step(const ConstMatrixRef& x, RecurrentState& state) const;

  // Starts a new sequence in one sample: r = 0.
  void Reset(Index sample, RecurrentState& state) const;

  // y [m_y, N·B] for x [n_x, N·B].
  void Run(const ConstMatrixRef& x, const Restarts& restarts, RecurrentState& state,
           MatrixRef y) const;

 private:
  Network f_;
  Index state_size_ = 0;
};

// Returns the number of steps N. Throws std::invalid_argument unless x is [n_x, N·B], the outputs
// or targets y are [m_y, N·B], and restarts is [B, N] or empty.
Index CheckTimeSeries(const RecurrentNetwork& network, const ConstMatrixRef& x,
                      const ConstMatrixRef& y, const Restarts& restarts, Index batch);

std::vector<std::string> RecurrentCellNames();

struct RecurrentConfig {
  std::string cell = "gru";
  int units = 32;
  std::vector<int> hidden = {};
  std::string activation = "tanh";

  template <class Archive>
  void Visit(Archive& ar) {
    ar("cell", cell, "Recurrent cell").OneOf(RecurrentCellNames());
    ar("units", units, "Units of the cell (feedforward: size of the recurrent part)")
        .Between(1, 65536);
    ar("hidden", hidden, "Units of each layer after the cell (feedforward: of the network)")
        .Between(1, 65536);
    ar("activation", activation, "Activation of those layers").OneOf(ActivationNames());
  }
};

// feedforward: linear layers [x; r] → [y; r']; the last one has no activation.
// gru, lstm:   the cell, then linear layers from its output to y; the last one has no activation.
// Parameters are zero until Initialize. An unknown cell throws std::invalid_argument, with a list
// of the known ones.
RecurrentNetwork MakeRecurrentNetwork(const RecurrentConfig& config, Index input_size,
                                      Index output_size);

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
