#include "agent/replay/replay_buffer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

namespace nabla::agent {
namespace {

constexpr Real kContinues = 0;
constexpr Real kTerminates = 1;
constexpr Real kOpen = -1;

}  // namespace

ReplayBuffer::ReplayBuffer(Index observation_size, Index action_size, Index capacity,
                           Index environments, const ReplayOptions& options)
    : options_(options),
      o_(observation_size),
      a_(action_size),
      ring_capacity_(capacity / environments),
      rings_(static_cast<std::size_t>(environments)) {
  if (ring_capacity_ < 3) {
    throw std::invalid_argument("replay buffer: capacity " + std::to_string(capacity) +
                                " is less than 3 columns for each of " +
                                std::to_string(environments) +
                                " environments (trainer.buffer_size, trainer.envs)");
  }
  data_ = Matrix::Constant(stride(), environments * (ring_capacity_ + 1), kOpen);
  for (const ExtraRows& rows : options_.extra) {
    extra_.push_back(Matrix::Zero(rows.rows, data_.cols()));
  }
  if (options_.priority.alpha > 0) tree_.emplace(data_.cols());
}

void ReplayBuffer::Begin(Index environment, std::span<const Real> observation) {
  // The open column, if any, becomes the last observation of its episode.
  if (rings_[static_cast<std::size_t>(environment)].filled > 0) Advance(environment);
  Open(environment, observation);
}

void ReplayBuffer::Add(Index environment, std::span<const Real> action, double reward,
                       bool terminated, std::span<const Real> next_observation) {
  const Index column = OpenColumn(environment);
  Real* data = data_.col(column).data();
  std::copy(action.begin(), action.end(), data + o_);
  data[o_ + a_] = static_cast<Real>(reward);
  SetFlag(column, terminated ? kTerminates : kContinues);
  ++size_;
  Advance(environment);
  Open(environment, next_observation);
}

void ReplayBuffer::Advance(Index environment) {
  Ring& ring = rings_[static_cast<std::size_t>(environment)];
  ring.head = (ring.head + 1) % ring_capacity_;
}

Index ReplayBuffer::Next(Index column) const {
  const Index first = column - column % (ring_capacity_ + 1);
  return first + (column - first + 1) % ring_capacity_;
}

void ReplayBuffer::Open(Index environment, std::span<const Real> observation) {
  Ring& ring = rings_[static_cast<std::size_t>(environment)];
  const Index column = OpenColumn(environment);
  if (Flag(column) != kOpen) --size_;  // overwrites the oldest transition
  std::copy(observation.begin(), observation.end(), data_.col(column).data());
  SetFlag(column, kOpen);
  for (Matrix& rows : extra_) rows.col(column).setZero();
  if (ring.head == 0) {
    std::copy(observation.begin(), observation.end(),
              data_.col(FirstColumn(environment) + ring_capacity_).data());
  }
  ring.filled = std::max(ring.filled, ring.head + 1);
}

void ReplayBuffer::SetFlag(Index column, Real flag) {
  data_(o_ + a_ + 1, column) = flag;
  if (!tree_) return;
  tree_->Set(column, flag == kOpen ? 0 : std::pow(largest_priority_, options_.priority.alpha));
}

void ReplayBuffer::Draw(Rng& rng, Batch& batch) {
  eigen_assert(size_ > 0);
  drawn_.resize(static_cast<std::size_t>(batch.size()));
  if (tree_) {
    ChooseByPriority(rng, batch);
  } else {
    ChooseUniformly(rng);
  }
  if (options_.n_step == 1) {
    CopyStep(batch);
  } else {
    CopySteps(batch);
  }
  if (!extra_.empty()) CopyExtra(batch);
}

void ReplayBuffer::ChooseUniformly(Rng& rng) {
  const auto rings = static_cast<std::uint64_t>(rings_.size());
  for (Index& column : drawn_) {
    do {  // open columns are rare: one per episode
      const auto ring = static_cast<Index>(rings == 1 ? 0 : rng.Below(rings));
      const Index filled = rings_[static_cast<std::size_t>(ring)].filled;
      column =
          FirstColumn(ring) +
          static_cast<Index>(rng.Below(static_cast<std::uint64_t>(std::max<Index>(filled, 1))));
    } while (Flag(column) == kOpen);
    __builtin_prefetch(data_.col(column).data());
  }
}

void ReplayBuffer::ChooseByPriority(Rng& rng, Batch& batch) {
  const PriorityConfig& config = options_.priority;
  const double progress = static_cast<double>(draws_++) / static_cast<double>(config.beta_updates);
  const double beta = config.beta + (1 - config.beta) * std::min(progress, 1.0);
  const double part = tree_->Total() / static_cast<double>(batch.size());
  for (Index i = 0; i < batch.size(); ++i) {
    const Index column = tree_->Find((static_cast<double>(i) + rng.Uniform()) * part);
    drawn_[static_cast<std::size_t>(i)] = column;
    const double probability = (*tree_)[column] / tree_->Total();
    batch.weight()(0, i) =
        static_cast<Real>(std::pow(static_cast<double>(size_) * probability, -beta));
  }
  batch.weight() /= batch.weight().maxCoeff();
}

// n = 1: one contiguous piece per column.
void ReplayBuffer::CopyStep(Batch& batch) const {
  const Index length = stride() + o_;
  for (Index i = 0; i < batch.size(); ++i) {
    const Real* from = data_.col(drawn_[static_cast<std::size_t>(i)]).data();
    std::copy(from, from + length, batch.data().col(i).data());
  }
  // The copied value is the flag, 0 or 1.
  batch.discount().array() = static_cast<Real>(options_.gamma) * (1 - batch.discount().array());
}

void ReplayBuffer::CopySteps(Batch& batch) {
  if (!extra_.empty()) ends_.resize(drawn_.size());
  for (Index i = 0; i < batch.size(); ++i) {
    const Index start = drawn_[static_cast<std::size_t>(i)];
    Index column = start;
    double total = 0, discount = 1;
    bool terminated = false;
    for (int k = 0; k < options_.n_step && !terminated && Flag(column) != kOpen; ++k) {
      total += discount * static_cast<double>(data_(o_ + a_, column));
      discount *= options_.gamma;
      terminated = Flag(column) == kTerminates;
      column = Next(column);
    }
    batch.observation_action().col(i) = data_.col(start).head(o_ + a_);
    batch.reward()(i) = static_cast<Real>(total);
    batch.discount()(i) = static_cast<Real>(terminated ? 0 : discount);
    batch.next_observation().col(i) = data_.col(column).head(o_);
    if (!extra_.empty()) ends_[static_cast<std::size_t>(i)] = column;
  }
}

void ReplayBuffer::CopyExtra(Batch& batch) const {
  for (std::size_t k = 0; k < extra_.size(); ++k) {
    for (Index i = 0; i < batch.size(); ++i) {
      const Index start = drawn_[static_cast<std::size_t>(i)];
      const Index end = options_.n_step == 1 ? Next(start) : ends_[static_cast<std::size_t>(i)];
      batch.extra(k).col(i) = extra_[k].col(start);
      batch.next_extra(k).col(i) = extra_[k].col(end);
    }
  }
}

void ReplayBuffer::UpdatePriorities(Batch& batch) {
  if (!tree_) return;
  for (Index i = 0; i < batch.size(); ++i) {
    const double priority =
        std::fabs(static_cast<double>(batch.td_error()(0, i))) + options_.priority.epsilon;
    largest_priority_ = std::max(largest_priority_, priority);
    tree_->Set(drawn_[static_cast<std::size_t>(i)], std::pow(priority, options_.priority.alpha));
  }
}

void ReplayBuffer::Serialize(const StateArchive& archive) {
  const StateArchive replay = archive.Group("replay", TensorFile::kReplay);
  replay.Between("size", size_, 0, capacity());
  Index transitions = 0;
  for (std::size_t i = 0; i < rings_.size(); ++i) {
    const StateArchive group = replay.Group(std::to_string(i));
    Ring& ring = rings_[i];
    group.Between("head", ring.head, 0, ring_capacity_ - 1);
    group.Between("filled", ring.filled, 0, ring_capacity_);
    const Index first = FirstColumn(static_cast<Index>(i));
    group.Columns("columns", data_.middleCols(first, ring_capacity_), ring.filled);
    group("next_of_last", data_.col(first + ring_capacity_));
    for (std::size_t k = 0; k < extra_.size(); ++k) {
      group.Columns("extra." + options_.extra[k].name, extra_[k].middleCols(first, ring_capacity_),
                    ring.filled);
    }
    if (archive.restoring()) transitions += CheckRing(group, i);
  }
  archive.Require(!archive.restoring() || size_ == transitions, "replay.size",
                  "differs from the number of transitions");
  if (!tree_) return;
  replay("priorities", tree_->Weights());
  replay.Between("largest_priority", largest_priority_, 0, std::numeric_limits<double>::max());
  replay.Between("draws", draws_, 0, kMaxCount);
  if (!archive.restoring()) return;
  for (Index column = 0; column < data_.cols(); ++column) {
    const double weight = (*tree_)[column];
    const bool is_transition =
        column % (ring_capacity_ + 1) < ring_capacity_ && Flag(column) != kOpen;
    replay.Require(is_transition ? weight > 0 && std::isfinite(weight) : weight == 0, "priorities",
                   "do not belong to the transitions");
  }
  tree_->Rebuild();
  replay.Require(std::isfinite(tree_->Total()), "priorities", "have no finite sum");
}

// The number of transitions of a ring that was restored.
Index ReplayBuffer::CheckRing(const StateArchive& group, std::size_t i) const {
  const Ring& ring = rings_[i];
  const Index first = FirstColumn(static_cast<Index>(i));
  Index transitions = 0;
  for (Index t = 0; t < ring.filled; ++t) {
    const Real flag = Flag(first + t);
    group.Require(flag == kContinues || flag == kTerminates || flag == kOpen, "columns",
                  "have an unknown flag");
    transitions += flag == kOpen ? 0 : 1;
  }
  // No return crosses the open column, and the columns behind those in use are never read.
  group.Require(Flag(first + ring.head) == kOpen, "head", "is not at the open column");
  group.Require(ring.filled == ring_capacity_ || ring.head == std::max<Index>(ring.filled - 1, 0),
                "filled", "does not end at the head");
  return transitions;
}

}  // namespace nabla::agent
