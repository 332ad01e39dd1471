// Batch: transitions drawn from the replay buffer, one a column.
//
//   rows   s [o] | a [a] | r [1] | discount [1] | s' [o] | a' [a]
//
// s, a: observation and action; s': the observation k steps later; r: the discounted reward of
// those steps, Σ_{i<k} γ^i r_i; discount: γ^k, and 0 where s' is terminal. So every target is
//
//   y = r + discount · Q'(s', a')
//
// whatever n of the n-step returns. A drawn column is one contiguous piece of the replay buffer
// (for n = 1); a' is left for the target action. The top rows [s; a] are the critic's input, the
// bottom rows [s'; a'] its target's.
//
// Beside the rows, for prioritised replay (is_weighted()): weight [1, B], the importance weights
// that the drawing gives, all 1 otherwise; td_error [1, B], |y − Q(s, a)|, which the update gives
// back.
#pragma once

#include "nn/kernels/real.h"

namespace nabla::agent {

using nn::ConstMatrixRef;
using nn::Index;
using nn::Matrix;
using nn::MatrixRef;
using nn::Real;
using nn::Vector;

class Batch {
 public:
  Batch(Index observation_size, Index action_size, Index size)
      : o_(observation_size),
        a_(action_size),
        data_(2 * (o_ + a_) + 2, size),
        weight_(Matrix::Ones(1, size)),
        td_error_(Matrix::Zero(1, size)) {}

  Index size() const { return data_.cols(); }
  Index observation_size() const { return o_; }
  Index action_size() const { return a_; }
  Matrix& data() { return data_; }

  auto observation() { return data_.topRows(o_); }
  auto action() { return data_.middleRows(o_, a_); }
  auto observation_action() { return data_.topRows(o_ + a_); }
  auto reward() { return data_.row(o_ + a_); }
  auto discount() { return data_.row(o_ + a_ + 1); }
  auto next_observation() { return data_.middleRows(o_ + a_ + 2, o_); }
  auto next_action() { return data_.bottomRows(a_); }
  auto next_observation_action() { return data_.bottomRows(o_ + a_); }

  // Whether losses are weighed by weight() and priorities are read from td_error() afterwards.
  bool is_weighted() const { return is_weighted_; }
  void set_weighted(bool weighted) { is_weighted_ = weighted; }
  Matrix& weight() { return weight_; }
  Matrix& td_error() { return td_error_; }

 private:
  Index o_;
  Index a_;
  Matrix data_;
  Matrix weight_;
  Matrix td_error_;
  bool is_weighted_ = false;
};

}  // namespace nabla::agent
