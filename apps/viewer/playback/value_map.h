// The heat map of a policy over two components of the state; the others are fixed.
//
//   max_a Q(o(s), a)     the value of the best action (see GreatestQ)
//   μ_i(o(s))            component i of the policy
#pragma once

#include "apps/viewer/playback/policy_replica.h"
#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer {

struct MapRequest {
  StateAxis x, y;
  int columns = 64, rows = 48;
  int policy_component = -1;  // −1: max_a Q
};

// The map through `state`. Sets the state of `environment` to each grid point.
ValueMap ComputeValueMap(const PolicyReplica& policy, envs::Environment& environment,
                         const envs::Vector& state, const MapRequest& request);

}  // namespace nabla::viewer
