#include "apps/viewer/playback/value_map.h"

#include <algorithm>
#include <cmath>

#include "apps/viewer/playback/policy_values.h"

namespace nabla::viewer {
namespace {

constexpr int kGridActions = 9;
constexpr int kAscentSteps = 6;
constexpr Index kPart = 256;  // observations at a time: the tapes stay in the cache

// Raises `actions` [a, B] towards a maximum of Q, `q` [B] being their values.
void Ascend(const nn::Network& critic, Index o, nn::Tape& tape, Matrix& input, agent::Vector& q) {
  const Index n = input.rows() - o;
  Matrix gradient(n, input.cols());
  Matrix best = input;
  agent::Vector length = agent::Vector::Constant(input.cols(), agent::Real(2) / kGridActions);
  critic.Forward(input, tape);
  for (int step = 0; step < kAscentSteps; ++step) {
    critic.InputGradient(tape, gradient, o);
    for (Index b = 0; b < input.cols(); ++b) {
      const agent::Real norm = gradient.col(b).norm();
      if (norm == 0) continue;
      input.col(b).tail(n) = (best.col(b).tail(n) + gradient.col(b) * (length[b] / norm))
                                 .cwiseMax(agent::Real(-1))
                                 .cwiseMin(agent::Real(1));
    }
    const Matrix& value = critic.Forward(input, tape);
    for (Index b = 0; b < input.cols(); ++b) {
      if (value(0, b) > q[b]) {
        q[b] = value(0, b);
        best.col(b) = input.col(b);
      } else {
        length[b] /= 2;
        input.col(b) = best.col(b);
      }
    }
    critic.Forward(input, tape);
  }
}

agent::Vector GreatestQOfPart(const Policy& policy, const Matrix& observations) {
  const nn::Network& critic = policy.critic();
  const Index o = observations.rows();
  const Index n = critic.input_size() - o;
  nn::Tape actor_tape = policy.actor().MakeTape(observations.cols());
  nn::Tape tape = critic.MakeTape(observations.cols());
  Matrix input(o + n, observations.cols());
  input.topRows(o) = observations;
  input.bottomRows(n) = policy.actor().Evaluate(observations, actor_tape);
  Matrix best = input;
  agent::Vector q = critic.Evaluate(input, tape).row(0).transpose();
  const auto grid = agent::Vector::LinSpaced(kGridActions, -1, 1);
  for (Index i = 0; i < n; ++i) {
    for (Index k = 0; k < kGridActions; ++k) {
      input = best;
      input.row(o + i).setConstant(grid[k]);
      const Matrix& value = critic.Evaluate(input, tape);
      for (Index b = 0; b < input.cols(); ++b) {
        if (value(0, b) <= q[b]) continue;
        q[b] = value(0, b);
        best.col(b) = input.col(b);
      }
    }
  }
  Ascend(critic, o, tape, best, q);
  return q;
}

// The observations of all points, row by row from y.low up   [o, columns · rows]
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

agent::Vector GreatestQ(const Policy& policy, const Matrix& observations) {
  agent::Vector q(observations.cols());
  for (Index first = 0; first < q.size(); first += kPart) {
    const Index count = std::min(kPart, q.size() - first);
    q.segment(first, count) = GreatestQOfPart(policy, observations.middleCols(first, count));
  }
  return q;
}

ValueMap ComputeValueMap(const Policy& policy, envs::Environment& environment,
                         const envs::Vector& state, const MapRequest& request) {
  const Matrix observations = ObserveGrid(environment, state, request);
  ValueMap map{.quantity = "maxₐ Q",
               .x = request.x,
               .y = request.y,
               .columns = request.columns,
               .rows = request.rows,
               .values = {},
               .diverging = request.policy_component >= 0};
  agent::Vector values;
  if (map.diverging) {
    const nn::Network& actor = policy.actor();
    map.quantity = "policy, " + ActionName(request.policy_component, actor.output_size());
    nn::Tape tape = actor.MakeTape(observations.cols());
    values = actor.Evaluate(observations, tape).row(request.policy_component).transpose();
  } else {
    values = GreatestQ(policy, observations);
  }
  map.values.assign(values.begin(), values.end());
  map.minimum = map.diverging ? -1 : values.minCoeff();
  map.maximum = map.diverging ? 1 : values.maxCoeff();
  return map;
}

}  // namespace nabla::viewer
