// ReplayBuffer: the last `capacity` columns of experience in one matrix (Lin 1992).
//
//   column t:  observation [o] | action [a] | reward | flag
//
// The observation of column t+1 is the next observation of column t, so nothing is stored twice and
// a draw copies one contiguous piece. The flag says what starts at a column:
//    0  a transition after which the episode goes on (a truncation bootstraps, so it is one too)
//    1  a transition into a terminal state
//   −1  none: the last observation of an episode, or the newest of all, whose action is to come
//
// Each of `lanes` parallel environments writes into a ring of its own.
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
//   P(i) = p_i^α / Σ_j p_j^α,   p_i = |δ_i| + ε of its last update, before that the largest p so
//   far
//
// one from each of B equal parts of the sum, and weighs w_i = (N P(i))^−β / max of the batch, N the
// transitions there are; β rises linearly to 1.
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
    ar("alpha", alpha, "Exponent of the priorities; 0: all transitions alike").Between(0, 1);
    ar("beta", beta, "Exponent of the importance weights at the start").Between(0, 1);
    ar("beta_updates", beta_updates, "Updates in which it rises to 1").AtLeast(1);
    ar("epsilon", epsilon, "Added to the size of each error").Above(0);
  }
};

struct ReplayOptions {
  double gamma = 0.99;  // discount a step
  int n_step = 1;
  PriorityConfig priority = {};
};

class ReplayBuffer {
 public:
  // `capacity` columns in all, at least 3 a lane.
  ReplayBuffer(Index observation_size, Index action_size, Index capacity, Index lanes,
               const ReplayOptions& options);

  // Transitions that can be drawn.
  Index size() const { return size_; }
  Index capacity() const { return lane_capacity_ * static_cast<Index>(lanes_.size()); }

  // Starts an episode of a lane with its first observation [o].
  void Begin(Index lane, std::span<const Real> observation);

  // Completes the transition that the last Begin or Add opened, and opens the next one at
  // next_observation, the true one (before any reset).
  void Add(Index lane, std::span<const Real> action, double reward, bool terminated,
           std::span<const Real> next_observation);

  // Fills the batch with transitions drawn with replacement; size() must not be 0.
  void Draw(Rng& rng, Batch& batch);

  // The batch last drawn has its errors now, in td_error(). Does nothing without priorities.
  void UpdatePriorities(Batch& batch);

  void State(const StateArchive& archive);

 private:
  struct Lane {
    Index head = 0;    // the open column
    Index filled = 0;  // columns in use
  };

  Index stride() const { return o_ + a_ + 2; }
  Index FirstColumn(Index lane) const { return lane * (lane_capacity_ + 1); }
  Real Flag(Index column) const { return data_(o_ + a_ + 1, column); }
  void SetFlag(Index column, Real flag);
  void Advance(Index lane);
  void Open(Index lane, std::span<const Real> observation);
  void ChooseUniformly(Rng& rng);
  void ChooseByPriority(Rng& rng, Batch& batch);
  void CopyStep(Batch& batch) const;
  void CopySteps(Batch& batch) const;

  ReplayOptions options_;
  Index o_;
  Index a_;
  Index lane_capacity_;
  std::vector<Lane> lanes_;
  Index size_ = 0;
  // A lane's ring is followed by a copy of its column 0, so that the column after the last one is
  // its next observation there too.
  Matrix data_;
  std::optional<SumTree> tree_;  // p^α of each column, 0 where no transition starts
  double largest_priority_ = 1;
  std::int64_t draws_ = 0;
  std::vector<Index> drawn_;  // columns of the last draw
};

}  // namespace nabla::agent
