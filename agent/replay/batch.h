// Batch: transitions drawn from the replay buffer, one per column.
//
//   rows   s [o] | a [a] | r [1] | discount [1] | s' [o] | a' [a]
//
// s, a: observation and action; s': the observation k steps later; r: the discounted reward of
// those steps, Σ_{i<k} γ^i r_i; discount: γ^k, or 0 if s' is terminal. Therefore, every target is
//
//   y = r + discount · Q'(s', a')
//
// for any number n of steps of the n-step returns. For n = 1, a column is one contiguous piece of
// the replay buffer. The rows a' are for the target action. The top rows [s; a] are the input of
// the critic, and the bottom rows [s'; a'] are the input of its target network.
//
// For prioritised replay there are also weight [1, B], the importance weights
// (otherwise all 1), and td_error [1, B] = |y − Q(s, a)|, which the update returns.
//
// Extra rows, if the buffer stores any: extra(i) [rows, B] belongs to s, next_extra(i) to s'.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "agent/state/types.h"

namespace nabla::agent {

// Additional named numbers of each column of the replay buffer: for example, the state of the
// environment, derivatives of the step, or a hidden state.
struct ExtraRows {
  std::string name;
  Index rows = 0;
};

// The index of `name` in the list. Throws std::invalid_argument that lists the names.
inline std::size_t FindExtra(const std::vector<ExtraRows>& list, std::string_view name) {
  std::string known;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].name == name) return i;
    known += (i > 0 ? ", " : "") + list[i].name;
  }
  throw std::invalid_argument("no extra rows '" + std::string(name) +
                              "' are stored; known: " + (known.empty() ? "none" : known));
}

class Batch {
 public:
  Batch(Index observation_size, Index action_size, Index size,
        const std::vector<ExtraRows>& extra = {})
      : o_(observation_size),
        a_(action_size),
        data_(2 * (o_ + a_) + 2, size),
        weight_(Matrix::Ones(1, size)),
        td_error_(Matrix::Zero(1, size)) {
    for (const ExtraRows& rows : extra) {
      extra_.emplace_back(rows.rows, size);
      next_extra_.emplace_back(rows.rows, size);
    }
  }

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

  // Index i refers to the list of extra rows of the buffer.
  Matrix& extra(std::size_t i) { return extra_.at(i); }
  Matrix& next_extra(std::size_t i) { return next_extra_.at(i); }

  Matrix& weight() { return weight_; }
  Matrix& td_error() { return td_error_; }

 private:
  Index o_;
  Index a_;
  Matrix data_;
  Matrix weight_;
  Matrix td_error_;
  std::vector<Matrix> extra_, next_extra_;
};

}  // namespace nabla::agent
