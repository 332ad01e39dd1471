// The heat map of a policy: a quantity over two axes of the state, the other states as they are.
//
//   max_a Q(o(s), a)     the value of the best action that the critic knows
//   μ_i(o(s))            component i of the policy
//
// The maximum is looked for from μ(o) and from a grid over the first components of the action, by
// a few projected gradient steps with halved lengths: a lower bound that is exact for one dimension
// up to the grid.
#pragma once

#include "apps/viewer/playback/policy.h"
#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer {

struct MapRequest {
  StateAxis x, y;
  int columns = 64, rows = 48;
  int policy_component = -1;  // −1: max_a Q
};

// A map for the state `state`; `environment` is changed (its state is set to every point).
ValueMap ComputeValueMap(const Policy& policy, envs::Environment& environment,
                         const envs::Vector& state, const MapRequest& request);

// max_a Q(o, a) for observations o [o, B]: [B].
agent::Vector GreatestQ(const Policy& policy, const Matrix& observations);

}  // namespace nabla::viewer
