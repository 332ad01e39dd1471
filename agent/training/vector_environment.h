// VectorEnvironment: copies of an environment side by side, as the agent sees them; column i is
// copy i.
//
// This is the border between two number types: states, rewards and the environment's own actions
// are double; the agent's observations are float and its actions lie in [−1, 1]
// (agent/policy/action_bounds.h).
//
// A copy whose episode ends starts the next one at once: NextObservation is then the true last
// observation, observations() holds the first of the new episode. Copy i has the random stream
// (seed, "<stream>.<i>"), so its bits are those of a single environment that is reset with that
// stream at each end.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "agent/policy/action_bounds.h"
#include "agent/state/state_archive.h"
#include "envs/core/environment.h"

namespace nabla::agent {

class VectorEnvironment {
 public:
  // `prototype` is cloned `count` times. It should report `truncated` (a TimeLimit), or a copy may
  // never start anew. Throws std::invalid_argument unless count is at least 1.
  VectorEnvironment(const envs::Environment& prototype, int count, std::uint64_t seed,
                    std::string_view stream);

  Index count() const { return observations_.cols(); }

  // One step of all copies with u [a, count] in [−1, 1]. Throws std::invalid_argument, no copy
  // moved, for actions that are not finite.
  void Step(const ConstMatrixRef& u);

  // To act on next, [o, count].
  const Matrix& observations() const { return observations_; }

  // Of the last step of copy i, and of the episode that it belongs to, its end included.
  auto NextObservation(Index i) const {  // [o]
    return (ended(i) ? final_observations_ : observations_).col(i);
  }
  double reward(Index i) const { return copy(i).last.reward; }
  bool terminated(Index i) const { return copy(i).last.terminated; }
  bool ended(Index i) const { return copy(i).last.terminated || copy(i).last.truncated; }
  double total_reward(Index i) const { return total_rewards_[i]; }
  std::int64_t length(Index i) const { return copy(i).length; }  // steps

  void Serialize(const StateArchive& archive);

 private:
  struct Copy {
    std::unique_ptr<envs::Environment> environment;
    Rng rng;
    envs::StepResult last;
    std::int64_t length = 0;  // steps of the episode
  };

  const Copy& copy(Index i) const { return copies_[static_cast<std::size_t>(i)]; }
  void StepCopy(Index i);

  ActionBounds bounds_;
  std::vector<Copy> copies_;
  envs::Vector action_;         // [a], in the environment's units
  envs::Matrix raw_;            // [o, count], observations_ in double
  Matrix observations_;         // [o, count]
  Matrix final_observations_;   // [o, count], only of copies that ended
  envs::Vector total_rewards_;  // [count], of the episodes
};

}  // namespace nabla::agent
