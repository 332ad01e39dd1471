// Lanes: environments side by side, as the agent sees them; a column is a lane.
//
// The border between two number worlds: states, rewards and the environment's own action units are
// double; the agent's observations are float and its actions lie in [−1, 1], scaled here for each
// dimension:  low + (a + 1) / 2 · (high − low).
//
// A lane whose episode ends starts anew at once: NextObservation is then the true last observation,
// observations() the first of the new episode.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "agent/replay/batch.h"
#include "agent/state/state_archive.h"
#include "envs/core/vector_environment.h"

namespace nabla::agent {

class Lanes {
 public:
  // `count` copies of `environment`; lane i has the random stream (seed, "<stream>.<i>").
  Lanes(const envs::Environment& environment, int count, std::uint64_t seed,
        std::string_view stream);

  Index count() const { return observations_.cols(); }

  // One step of all lanes with actions [a, count] in [−1, 1].
  void Step(const ConstMatrixRef& actions);

  // To act on next, [o, count].
  const Matrix& observations() const { return observations_; }

  // Of the last step of a lane, and of the episode that it belongs to, its end included.
  auto NextObservation(Index lane) const { return next_observations_.col(lane); }  // [o]
  double reward(Index lane) const { return result_.rewards[lane]; }
  bool terminated(Index lane) const { return result_.terminated[lane]; }
  bool ended(Index lane) const { return result_.terminated[lane] || result_.truncated[lane]; }
  double total_reward(Index lane) const { return total_rewards_[lane]; }
  std::int64_t length(Index lane) const { return lengths_[static_cast<std::size_t>(lane)]; }

  void State(const StateArchive& archive);

 private:
  envs::VectorEnvironment environments_;
  envs::BatchResult<double> result_;
  envs::Matrix own_actions_;           // [a, count], in the environment's units
  Matrix observations_;                // [o, count]
  Matrix next_observations_;           // [o, count]
  envs::Vector total_rewards_;         // [count]
  std::vector<std::int64_t> lengths_;  // [count] steps
};

}  // namespace nabla::agent
