#include "agent/replay_buffer.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace nabla::agent {
namespace {

constexpr Real kContinues = 0;
constexpr Real kTerminates = 1;
constexpr Real kOpen = -1;

}  // namespace

ReplayBuffer::ReplayBuffer(Index observation_size, Index action_size, Index capacity, Index lanes,
                           const ReplayOptions& options)
    : options_(options),
      o_(observation_size),
      a_(action_size),
      lane_capacity_(capacity / lanes),
      lanes_(static_cast<std::size_t>(lanes)) {
  if (lane_capacity_ < 3) {
    throw std::invalid_argument("replay buffer: capacity " + std::to_string(capacity) +
                                " is less than 3 for each of " + std::to_string(lanes) +
                                " environments");
  }
  data_ = Matrix::Constant(stride(), lanes * (lane_capacity_ + 1), kOpen);
}

void ReplayBuffer::Begin(Index lane, std::span<const Real> observation) {
  // The open column, if there is one, stays as the last observation of its episode.
  if (lanes_[static_cast<std::size_t>(lane)].filled > 0) Advance(lane);
  Open(lane, observation);
}

void ReplayBuffer::Add(Index lane, std::span<const Real> action, double reward, bool terminated,
                       std::span<const Real> next_observation) {
  Real* column = data_.col(FirstColumn(lane) + lanes_[static_cast<std::size_t>(lane)].head).data();
  std::copy(action.begin(), action.end(), column + o_);
  column[o_ + a_] = static_cast<Real>(reward);
  column[o_ + a_ + 1] = terminated ? kTerminates : kContinues;
  ++size_;
  Advance(lane);
  Open(lane, next_observation);
}

void ReplayBuffer::Advance(Index lane) {
  Lane& ring = lanes_[static_cast<std::size_t>(lane)];
  ring.head = (ring.head + 1) % lane_capacity_;
}

void ReplayBuffer::Open(Index lane, std::span<const Real> observation) {
  Lane& ring = lanes_[static_cast<std::size_t>(lane)];
  Real* column = data_.col(FirstColumn(lane) + ring.head).data();
  if (column[o_ + a_ + 1] != kOpen) --size_;  // the oldest transition gives way
  std::copy(observation.begin(), observation.end(), column);
  column[o_ + a_ + 1] = kOpen;
  if (ring.head == 0) {
    std::copy(observation.begin(), observation.end(),
              data_.col(FirstColumn(lane) + lane_capacity_).data());
  }
  ring.filled = std::max(ring.filled, ring.head + 1);
}

void ReplayBuffer::Draw(Rng& rng, Batch& batch) {
  eigen_assert(size_ > 0);
  const auto lanes = static_cast<std::uint64_t>(lanes_.size());
  drawn_.resize(static_cast<std::size_t>(batch.size()));
  for (Index& column : drawn_) {
    do {  // few columns are open: one an episode
      const auto lane = static_cast<Index>(lanes == 1 ? 0 : rng.Below(lanes));
      const Index filled = lanes_[static_cast<std::size_t>(lane)].filled;
      column =
          FirstColumn(lane) +
          static_cast<Index>(rng.Below(static_cast<std::uint64_t>(std::max<Index>(filled, 1))));
    } while (data_(o_ + a_ + 1, column) == kOpen);
    __builtin_prefetch(data_.col(column).data());
  }
  const Index length = stride() + o_;
  for (Index i = 0; i < batch.size(); ++i) {
    const Real* from = data_.col(drawn_[static_cast<std::size_t>(i)]).data();
    std::copy(from, from + length, batch.data().col(i).data());
  }
  // What was copied there is the flag, 0 or 1.
  batch.discount().array() = static_cast<Real>(options_.gamma) * (1 - batch.discount().array());
}

void ReplayBuffer::State(const StateArchive& archive) {
  const StateArchive replay = archive.Group("replay", TensorFile::kReplay);
  replay("size", size_);
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    const StateArchive group = replay.Group(std::to_string(lane));
    Lane& ring = lanes_[lane];
    group("head", ring.head);
    group("filled", ring.filled);
    const Index first = FirstColumn(static_cast<Index>(lane));
    group.Columns("columns", data_.middleCols(first, lane_capacity_), ring.filled);
    group("next_of_last", data_.col(first + lane_capacity_));
  }
}

}  // namespace nabla::agent
