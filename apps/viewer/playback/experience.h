// Experience: the newest transitions of a training, for TD residuals and the histogram of actions.
// A ring of columns: the oldest is overwritten, the order does not matter.
#pragma once

#include <algorithm>
#include <cstdint>

#include "agent/replay/batch.h"

namespace nabla::viewer {

inline constexpr agent::Index kRememberedSteps = 2048;

struct Experience {
  agent::Matrix observation_action;  // [o + a, n], as a critic takes it; a in [−1, 1]
  agent::Matrix next_observation;    // [o, n]
  agent::Vector reward;              // [n]
  agent::Vector terminated;          // [n], 1 where no value follows
  agent::Index count = 0;            // columns that hold something
  std::int64_t added = 0;            // since the beginning
  std::int64_t episodes = 0;         // finished since the beginning

  void Allocate(agent::Index observation_size, agent::Index action_size, agent::Index capacity) {
    observation_action.setZero(observation_size + action_size, capacity);
    next_observation.setZero(observation_size, capacity);
    reward.setZero(capacity);
    terminated.setZero(capacity);
  }

  template <class Observation, class Action, class Next>
  void Add(const Observation& o, const Action& a, double r, const Next& next, bool is_terminal) {
    const agent::Index column = static_cast<agent::Index>(added++) % reward.size();
    observation_action.col(column).head(o.size()) = o;
    observation_action.col(column).tail(a.size()) = a;
    next_observation.col(column) = next;
    reward[column] = static_cast<agent::Real>(r);
    terminated[column] = is_terminal ? agent::Real(1) : agent::Real(0);
    count = std::min(count + 1, reward.size());
  }
};

}  // namespace nabla::viewer
