// RecentTransitions: a ring of the newest transitions of a training or of the viewer's own
// episodes, for TD residuals and the histogram of actions.
#pragma once

#include <algorithm>
#include <cstdint>

#include "agent/replay/batch.h"

namespace nabla::viewer {

inline constexpr agent::Index kRecentTransitions = 2048;

struct RecentTransitions {
  agent::Matrix observation_action;  // [o + a, n], the input of a critic; a in [−1, 1]
  agent::Matrix next_observation;    // [o, n]
  agent::Vector reward;              // [n]
  agent::Vector terminated;          // [n], 1 for a terminal transition, else 0
  agent::Index count = 0;            // columns in use
  std::int64_t added = 0;            // transitions since the start

  RecentTransitions(agent::Index observation_size, agent::Index action_size,
                    agent::Index capacity = kRecentTransitions)
      : observation_action(agent::Matrix::Zero(observation_size + action_size, capacity)),
        next_observation(agent::Matrix::Zero(observation_size, capacity)),
        reward(agent::Vector::Zero(capacity)),
        terminated(agent::Vector::Zero(capacity)) {}

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
