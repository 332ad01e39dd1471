// ReplayBuffer: the last `capacity` columns of experience in one matrix (Lin 1992).
//
//   column t:  observation [o] | action [a] | reward | flag
//
// The observation of column t+1 is the next observation of column t, so nothing is stored twice and
// a draw copies one contiguous piece. The flag says what starts at a column:
//    0  a transition after which the episode goes on (also one that is truncated: it bootstraps)
//    1  a transition into a terminal state
//   −1  none: the last observation of an episode, or the newest of all, whose action is to come
//
// Each of the parallel environments writes into a ring of its own.
//
// n-step returns: a transition drawn at t takes the k ≤ n steps to the end of its episode, terminal
// or truncated, or to the newest observation, whichever is first:
//
//   r = Σ_{i<k} γ^i r_{t+i},   s' = s_{t+k},   discount = γ^k, and 0 if s' is terminal
//
// The open column −1 stands behind every such end, the write head among them, so none is crossed.
//
// Prioritised (Schaul et al. 2016, proportional): transition i is drawn with probability
//
//   P(i) = p_i^α / Σ_j p_j^α,   p_i = |δ_i| + ε of its last update; a new one has the largest p
//
// one from each of B equal parts of the sum. Its weight is w_i = (N P(i))^−β over the largest of
// the batch, N the number of transitions; β rises linearly to 1.
//
// Extra rows (ExtraRows) are stored beside the columns, in matrices of their own, and are drawn
// with them. Without any they cost nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "agent/replay/batch.h"
#include "agent/replay/sum_tree.h"
#include "agent/state/state_archive.h"
#include "envs/core/random.h"

namespace nabla::agent {

struct PriorityConfig {
  double alpha = 0;
  double beta = 0.4;
  std::int64_t beta_updates = 100'000;
  double epsilon = 1e-6;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("alpha", alpha, "Exponent of the priorities; 0: uniform drawing").Between(0, 1);
    ar("beta", beta, "Exponent of the importance weights at the start").Between(0, 1);
    ar("beta_updates", beta_updates, "Updates in which beta rises to 1").AtLeast(1);
    ar("epsilon", epsilon, "Added to the size of each error").Above(0);
  }
};

struct ReplayOptions {
  double gamma = 0.99;  // discount a step
  int n_step = 1;
  PriorityConfig priority = {};
  std::vector<ExtraRows> extra = {};
};

class ReplayBuffer {
 public:
  // `capacity` columns in all, at least 3 for each environment; otherwise throws
  // std::invalid_argument.
  ReplayBuffer(Index observation_size, Index action_size, Index capacity, Index environments,
               const ReplayOptions& options);

  // Transitions that can be drawn.
  Index size() const { return size_; }
  Index capacity() const { return ring_capacity_ * static_cast<Index>(rings_.size()); }
  const std::vector<ExtraRows>& extra() const { return options_.extra; }

  // Starts an episode of an environment with its first observation [o].
  void Begin(Index environment, std::span<const Real> observation);

  // Completes the transition that the last Begin or Add opened, and opens the next one at
  // next_observation, the true one (before any reset).
  void Add(Index environment, std::span<const Real> action, double reward, bool terminated,
           std::span<const Real> next_observation);

  // The extra rows i of the open column, to be written: after the Begin or Add that opened it what
  // belongs to its observation, before the Add that completes it what belongs to the transition.
  auto OpenExtra(Index environment, std::size_t i) {
    return extra_.at(i).col(OpenColumn(environment));
  }

  // Fills the batch with transitions drawn with replacement; size() must not be 0.
  void Draw(Rng& rng, Batch& batch);

  // Takes the new priorities of the batch last drawn from its td_error(). Does nothing without
  // priorities.
  void UpdatePriorities(Batch& batch);

  void Serialize(const StateArchive& archive);

 private:
  struct Ring {
    Index head = 0;    // the open column
    Index filled = 0;  // columns in use
  };

  Index stride() const { return o_ + a_ + 2; }
  Index FirstColumn(Index environment) const { return environment * (ring_capacity_ + 1); }
  Index OpenColumn(Index environment) const {
    return FirstColumn(environment) + rings_[static_cast<std::size_t>(environment)].head;
  }
  // The column after `column` in its ring.
  Index Next(Index column) const;
  Real Flag(Index column) const { return data_(o_ + a_ + 1, column); }
  void SetFlag(Index column, Real flag);
  void Advance(Index environment);
  void Open(Index environment, std::span<const Real> observation);
  void ChooseUniformly(Rng& rng);
  void ChooseByPriority(Rng& rng, Batch& batch);
  void CopyStep(Batch& batch) const;
  void CopySteps(Batch& batch);
  void CopyExtra(Batch& batch) const;

  ReplayOptions options_;
  Index o_;
  Index a_;
  Index ring_capacity_;
  std::vector<Ring> rings_;
  Index size_ = 0;
  // Each ring is followed by a copy of its column 0, so that the last column too is followed by its
  // next observation.
  Matrix data_;
  std::vector<Matrix> extra_;    // [rows, columns of data_] each
  std::optional<SumTree> tree_;  // p^α of each column, 0 where no transition starts
  double largest_priority_ = 1;
  std::int64_t draws_ = 0;
  std::vector<Index> drawn_;  // columns of the last draw
  std::vector<Index> ends_;   // where their n steps end, with extra rows alone
};

}  // namespace nabla::agent
