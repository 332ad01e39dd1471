// RecurrentNetwork: a network over [x; r] → [y; r'] run in time (MATH.md, "Recurrent network").
//
//   z(n) = [y(n); r(n)] = f(x(n), Γ_r z(n−1)),   z(0) = 0
//   Γ_y = [I 0], Γ_r = [0 I]
//
// f is any Network: a plain feed-forward one, or a GRU or LSTM cell (layers [x; r] → r') with a
// Readout behind. So all share one interface here, and one RTRL (nn/recurrent/rtrl.h) and one BPTT
// (nn/recurrent/bptt.h).
//
// n_x = input_size, m_y = output_size, m_r = state_size. A batch runs B sequences side by side; a
// time series of N steps is a matrix of N·B columns, step n in columns n·B … n·B + B − 1.
#pragma once

#include "nn/network/network_config.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

// Where sequences begin anew: entry (b, n) resets sample b before step n. Empty: nowhere.
using Restarts = Eigen::Matrix<bool, Eigen::Dynamic, Eigen::Dynamic>;  // [B, N]

// What one batch of running sequences holds.
struct RecurrentState {
  Matrix input;  // [x(n); r(n−1)]  [n_x + m_r, B]
  Tape tape;
};

class RecurrentNetwork {
 public:
  RecurrentNetwork() = default;
  // f has state_size more outputs than y and state_size more inputs than x. Throws
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

  // y(n) [m_y, B] for x(n) [n_x, B], and the state moves on. The result lies in the state.
  ConstMatrixRef Step(const ConstMatrixRef& x, RecurrentState& state) const;

  // r = 0: one sample begins a new sequence.
  void Reset(Index sample, RecurrentState& state) const;

  // y [m_y, N·B] for x [n_x, N·B].
  void Run(const ConstMatrixRef& x, const Restarts& restarts, RecurrentState& state,
           MatrixRef y) const;

 private:
  Network f_;
  Index state_size_ = 0;
};

// Throws std::invalid_argument unless x is [n_x, N·B], the outputs or targets y are [m_y, N·B] and
// restarts, if any, [B, N]. Returns N.
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

// feedforward: linear layers over [x; r]; the last is the identity on [y; r'].
// gru, lstm:   the cell, then layers from its output to y; the last is the identity.
// Parameters are zero until Initialize. Throws std::invalid_argument that lists the cells.
RecurrentNetwork MakeRecurrentNetwork(const RecurrentConfig& config, Index input_size,
                                      Index output_size);

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
