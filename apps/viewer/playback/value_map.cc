#include "apps/viewer/playback/value_map.h"

#include "apps/viewer/playback/policy_values.h"

namespace nabla::viewer {
namespace {

// The observations at all grid points, row by row from y.low up   [o, columns · rows]
Matrix ObserveGrid(envs::Environment& environment, envs::Vector state, const MapRequest& map) {
  const Index o = environment.spec().observation_size;
  Matrix observations(o, static_cast<Index>(map.columns) * map.rows);
  envs::Vector observation(o);
  const auto at = [](const StateAxis& axis, int i, int count) {
    return axis.low + (axis.high - axis.low) * (i + 0.5) / count;  // the middle of a cell
  };
  for (int row = 0; row < map.rows; ++row) {
    for (int column = 0; column < map.columns; ++column) {
      state[map.x.index] = at(map.x, column, map.columns);
      state[map.y.index] = at(map.y, row, map.rows);
      environment.SetState(state);
      environment.Observe(observation);
      observations.col(static_cast<Index>(row) * map.columns + column) =
          observation.cast<agent::Real>();
    }
  }
  return observations;
}

}  // namespace

ValueMap ComputeValueMap(const PolicyReplica& policy, envs::Environment& environment,
                         const envs::Vector& state, const MapRequest& request) {
  const Matrix observations = ObserveGrid(environment, state, request);
  ValueMap map{.quantity = "maxₐ Q",
               .x = request.x,
               .y = request.y,
               .columns = request.columns,
               .rows = request.rows,
               .values = {},
               .range = {-1, 1},
               .diverging = request.policy_component >= 0};
  agent::Vector values;
  if (map.diverging) {
    const Matrix actions = MeanActions(policy, observations);
    map.quantity = "policy, " + ActionName(request.policy_component, actions.rows());
    values = actions.row(request.policy_component).transpose();
  } else {
    values = GreatestQ(policy, observations);
    Extent extent;
    extent.AddAll(values);
    map.range = extent.range();
  }
  map.values.assign(values.begin(), values.end());
  return map;
}

}  // namespace nabla::viewer
