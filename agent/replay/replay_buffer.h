// ReplayBuffer: the last `capacity` columns of experience in one matrix (Lin 1992).
//
//   column t:  observation [o] | action [a] | reward | flag
//
// The observation of column t+1 is the next observation of column t, so nothing is stored twice and
// a drawn transition is one contiguous piece. The flag of a column tells which transition starts:
//    0  one whose next state is not terminal (a truncated episode ends so, and bootstraps)
//    1  one into a terminal state
//   −1  none (open column): the last observation of an episode, or the newest one, which has no
//       action yet
//
// Each of the parallel environments writes into its own ring.
//
// n-step returns: a transition drawn at t takes k ≤ n steps. It stops at the end of its episode,
// terminal or truncated, and at the newest observation:
//
//   r = Σ_{i<k} γ^i r_{t+i},   s' = s_{t+k},   discount = γ^k, or 0 if s' is terminal
//
// There is an open column at each of these ends, so no return crosses an end or the write head.
//
// Prioritised replay (Schaul et al. 2016, proportional variant): transition i is drawn with
// probability
//
//   P(i) = p_i^α / Σ_j p_j^α,   p_i = |δ_i| + ε at its last update; a new one has the largest p
//
// The sum is divided into B equal parts, and one transition is drawn from each. Its weight is
// w_i = (N P(i))^−β, divided by the largest weight of the batch, for N transitions in the buffer.
// β rises linearly to 1.
//
// Extra rows (ExtraRows) are stored in separate matrices and drawn together with the columns. A
// buffer without extra rows has no cost for them.
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
    ar("alpha", alpha, "Exponent of the priorities; 0: uniform sampling").Between(0, 1);
    ar("beta", beta, "Initial exponent of the importance weights").Between(0, 1);
    ar("beta_updates", beta_updates, "Number of updates in which beta rises to 1").AtLeast(1);
    ar("epsilon", epsilon, "Added to the absolute value of each error").Above(0).Between(0, 1e6);
  }
};

struct ReplayOptions {
  double gamma = 0.99;  // discount factor per step
  int n_step = 1;
  PriorityConfig priority = {};
  std::vector<ExtraRows> extra = {};
};

class ReplayBuffer {
 public:
  // `capacity` is the total number of columns. Throws std::invalid_argument if there are fewer than
  // 3 per environment.
  ReplayBuffer(Index observation_size, Index action_size, Index capacity, Index environments,
               const ReplayOptions& options);

  // Number of transitions that can be drawn.
  Index size() const { return size_; }
  Index capacity() const { return ring_capacity_ * static_cast<Index>(rings_.size()); }
  const std::vector<ExtraRows>& extra() const { return options_.extra; }

  // Starts an episode of an environment with its first observation [o].
  void Begin(Index environment, std::span<const Real> observation);

  // Completes the transition that the last Begin or Add opened, and opens the next one at
  // next_observation, which is the observation after the step and before any reset.
  void Add(Index environment, std::span<const Real> action, double reward, bool terminated,
           std::span<const Real> next_observation);

  // The extra rows i of the open column, to write. Write values that belong to the observation
  // after the Begin or Add that opened the column, and values that belong to the transition before
  // the Add that completes it.
  auto OpenExtra(Index environment, std::size_t i) {
    return extra_.at(i).col(OpenColumn(environment));
  }

  // Fills the batch with transitions drawn with replacement. Precondition: size() > 0.
  void Draw(Rng& rng, Batch& batch);

  // Updates the priorities of the last drawn batch from its td_error(). Does nothing if sampling is
  // uniform.
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
  Index CheckRing(const StateArchive& group, std::size_t i) const;
  void CopyStep(Batch& batch) const;
  void CopySteps(Batch& batch);
  void CopyExtra(Batch& batch) const;

  ReplayOptions options_;
  Index o_;
  Index a_;
  Index ring_capacity_;
  std::vector<Ring> rings_;
  Index size_ = 0;
  // Each ring is followed by a copy of its column 0, so that the next observation also follows the
  // last column.
  Matrix data_;
  std::vector<Matrix> extra_;    // [rows, columns of data_] each
  std::optional<SumTree> tree_;  // p^α of each column, 0 where no transition starts
  double largest_priority_ = 1;
  std::int64_t draws_ = 0;
  std::vector<Index> drawn_;  // columns of the last drawn batch
  std::vector<Index> ends_;   // where their n steps end; used only with extra rows
};

}  // namespace nabla::agent
