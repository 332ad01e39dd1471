// VectorEnvironment: several copies of an environment that step together. Column i belongs to copy
// i.
//
// It converts between two number types: the environments compute in double and in their own units;
// the agent uses float observations and actions in [−1, 1] (agent/policy/action_bounds.h).
//
// A copy whose episode ends starts the next one in the same step. Then NextObservation is the last
// observation of the old episode, and observations() has the first one of the new episode. Copy i
// uses the random stream (seed, "<stream>.<i>"), so its results are bit-identical to those of a
// single environment that is reset with this stream.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "agent/policy/action_bounds.h"
#include "agent/state/state_archive.h"
#include "envs/core/environment.h"

namespace nabla::agent {

// An environment gave a number that is not finite.
class EnvironmentError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class VectorEnvironment {
 public:
  // Clones `prototype` `count` times. Copy i uses the stream of number first + i. Its episodes
  // should have a time limit, otherwise a copy may never restart. Throws std::invalid_argument if
  // count is less than 1.
  VectorEnvironment(const envs::Environment& prototype, int count, std::uint64_t seed,
                    std::string_view stream, int first = 0);

  Index count() const { return observations_.cols(); }

  // One step of all copies with u [a, count] in [−1, 1]. If u has another shape or is not finite,
  // throws std::invalid_argument and leaves all copies unchanged. Throws EnvironmentError if an
  // observation or a reward is not finite as a float.
  void Step(const ConstMatrixRef& u);

  // The observations [o, count] for the next action.
  const Matrix& observations() const { return observations_; }

  // The results of the last step of copy i and of its episode, including an end in that step.
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
  void RequireFinite(Index i) const;

  ActionBounds bounds_;
  std::vector<Copy> copies_;
  envs::Vector action_;         // [a], in the environment's units
  envs::Matrix raw_;            // [o, count], observations_ in double
  Matrix observations_;         // [o, count]
  Matrix final_observations_;   // [o, count], only for copies whose episode ended
  envs::Vector total_rewards_;  // [count], of the episodes
};

}  // namespace nabla::agent
