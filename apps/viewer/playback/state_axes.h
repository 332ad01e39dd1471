// The components of an environment's state as axes: names and units from its description, and the
// ranges that episodes of random actions visit.
//
//   state        x [m], θ₁, θ₂ [rad] (0 upright), ẋ [m/s]
//
// A unit applies to all names before it that have none. The axis of an angle (rad) that turns more
// than half way round is [−π, π].
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apps/viewer/playback/threads.h"
#include "apps/viewer/scene/view_model.h"
#include "envs/core/environment.h"

namespace nabla::viewer {

// Names and units only: the states of the environment, then those that wrappers add ("state 5").
std::vector<StateAxis> NameStates(std::string_view description, int state_size);

class StateAxes {
 public:
  // Plays fewer episodes once `stop` says so.
  explicit StateAxes(
      const envs::Environment& environment, const StopCheck& stop = [] { return false; });

  const StateAxis& axis(int i) const { return axes_[static_cast<std::size_t>(i)]; }
  int count() const { return static_cast<int>(axes_.size()); }

  // The default axes of a map: an angle or a position, and its velocity.
  std::pair<int, int> DefaultPair() const { return default_pair_; }

  // Widens the ranges so that they hold `state`. Returns whether any has changed.
  bool Include(const envs::Vector& state);

  // The position of x on axis i: an angle whose axis is [−π, π] is wrapped.
  double OnAxis(int i, double x) const;

 private:
  std::vector<StateAxis> axes_;
  std::vector<bool> turns_;
  std::pair<int, int> default_pair_;
};

}  // namespace nabla::viewer
