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
#pragma once

#include <span>
#include <vector>

#include "agent/batch.h"
#include "agent/state_archive.h"
#include "envs/random.h"

namespace nabla::agent {

struct ReplayOptions {
  double gamma = 0.99;  // discount a step
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

  // Fills the batch with transitions drawn uniformly, with replacement; size() must not be 0.
  void Draw(Rng& rng, Batch& batch);

  void State(const StateArchive& archive);

 private:
  struct Lane {
    Index head = 0;    // the open column
    Index filled = 0;  // columns in use
  };

  Index stride() const { return o_ + a_ + 2; }
  Index FirstColumn(Index lane) const { return lane * (lane_capacity_ + 1); }
  void Advance(Index lane);
  void Open(Index lane, std::span<const Real> observation);

  ReplayOptions options_;
  Index o_;
  Index a_;
  Index lane_capacity_;
  std::vector<Lane> lanes_;
  Index size_ = 0;
  // A lane's ring is followed by a copy of its column 0, so that the column after the last one is
  // its next observation there too.
  Matrix data_;
  std::vector<Index> drawn_;  // scratch of Draw
};

}  // namespace nabla::agent
