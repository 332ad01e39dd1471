// Batch: transitions drawn from the replay buffer, one a column.
//
//   rows   s [o] | a [a] | r [1] | d [1] | s' [o] | a' [a]
//
// s, a: observation and action; r: reward; d: 1 where s' is terminal, else 0; s': next observation.
// A drawn column is one contiguous piece of the replay buffer; a' is left for the target action.
// The top rows [s; a] are the critic's input, the bottom rows [s'; a'] its target's.
#pragma once

#include "nn/real.h"

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
      : o_(observation_size), a_(action_size), data_(2 * (o_ + a_) + 2, size) {}

  Index size() const { return data_.cols(); }
  Index observation_size() const { return o_; }
  Index action_size() const { return a_; }
  Matrix& data() { return data_; }

  auto observation() { return data_.topRows(o_); }
  auto action() { return data_.middleRows(o_, a_); }
  auto observation_action() { return data_.topRows(o_ + a_); }
  auto reward() { return data_.row(o_ + a_); }
  auto terminated() { return data_.row(o_ + a_ + 1); }
  auto next_observation() { return data_.middleRows(o_ + a_ + 2, o_); }
  auto next_action() { return data_.bottomRows(a_); }
  auto next_observation_action() { return data_.bottomRows(o_ + a_); }

 private:
  Index o_;
  Index a_;
  Matrix data_;
};

}  // namespace nabla::agent
