// The components of an environment's state as axes: their names and units, read from its
// description, and the ranges in which they move.
//
//   state        x [m], θ₁, θ₂ [rad] (0 upright), ẋ [m/s]
//
// A unit counts for all names before it that have none. An angle (rad) that turns all the way round
// is shown in ±π.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apps/viewer/scene/view_model.h"
#include "envs/core/environment.h"

namespace nabla::viewer {

// Names and units alone: the environment's own states first, then what wrappers add ("state 5").
std::vector<StateAxis> NameStates(std::string_view description, int state_size);

class StateAxes {
 public:
  // Ranges as episodes of random actions visit them.
  explicit StateAxes(const envs::Environment& environment);

  const StateAxis& axis(int i) const { return axes_[static_cast<std::size_t>(i)]; }
  int count() const { return static_cast<int>(axes_.size()); }

  // The two states that say most in a map: an angle or a position, and its speed.
  std::pair<int, int> DefaultPair() const { return default_pair_; }

  // Widens the range of what leaves it. True if any has changed.
  bool Include(const envs::Vector& state);

  // x as it stands on its axis: an angle that is shown in ±π is turned into that.
  double OnAxis(int i, double x) const;

 private:
  std::vector<StateAxis> axes_;
  std::vector<bool> turns_;
  std::pair<int, int> default_pair_;
};

}  // namespace nabla::viewer
