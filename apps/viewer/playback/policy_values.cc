#include "apps/viewer/playback/policy_values.h"

#include <algorithm>
#include <cmath>
#include <variant>
#include <vector>

#include "agent/policy/networks.h"

namespace nabla::viewer {
namespace {

constexpr Index kSlicePoints = 81;
constexpr Index kNoiseDraws = 64;
constexpr int kHistogramBins = 40;
constexpr int kGridActions = 9;
constexpr int kAscentSteps = 6;
constexpr Index kBatch = 256;  // observations at a time, so that the tapes stay in the cache

// The q-quantile of sorted values, interpolated linearly. NaN if there are none.
double Quantile(const std::vector<double>& sorted, double q) {
  if (sorted.empty()) return kNone;
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

double Deviation(const agent::GaussianNoise& noise) { return noise.sigma; }

// The stationary variance of n' = (1 − θ dt) n + σ √dt ε is σ² dt / (1 − (1 − θ dt)²).
double Deviation(const agent::OrnsteinUhlenbeckNoise& noise) {
  const double kept = 1 - noise.theta * noise.dt;
  if (kept >= 1) return 1;  // it does not converge
  return std::min(1.0, noise.sigma * std::sqrt(noise.dt / (1 - kept * kept)));
}

NetworkView::Network ViewNetwork(const std::string& name, const nn::Network& network,
                                 const agent::Vector& input) {
  nn::Tape tape = network.MakeTape(1, {.jacobian = true});
  network.Forward(input, tape);
  const std::vector<double> norms = agent::WeightJacobianNorms(network, tape);
  NetworkView::Network view{.name = name, .layers = {}};
  const auto specs = network.Spec().layers;
  for (std::size_t k = 0; k < network.layer_count(); ++k) {
    NetworkView::Layer& layer = view.layers.emplace_back();
    layer.name = specs[k].Text();
    const auto& output = network.Output(tape, k);
    layer.activations.assign(output.data(), output.data() + output.size());
    if (network.layer(k).parameter_count() > 0) layer.jacobian_norm = norms[k];
  }
  return view;
}

// Projected gradient ascent of Q(o, a) over a in [−1, 1] for each column (o, a) of `input` [o + a,
// B]. A step that does not improve is undone and its length halved. Updates `q` [B].
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

agent::Vector GreatestQOfBatch(const PolicyReplica& policy, const Matrix& observations,
                               const StopCheck& stop) {
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
      ThrowIf(stop);
      input = best;
      input.row(o + i).setConstant(grid[k]);
      const Matrix& value = critic.Evaluate(input, tape);
      for (Index b = 0; b < input.cols(); ++b) {
        if (!(value(0, b) > q[b])) continue;  // NaN is no improvement
        q[b] = value(0, b);
        best.col(b) = input.col(b);
      }
    }
  }
  Ascend(critic, o, tape, best, q);
  return q;
}

// The observations at all grid points, row by row from y.low up   [o, columns · rows]
Matrix ObserveGrid(envs::Environment& environment, envs::Vector state, const MapRequest& map) {
  const Index o = environment.spec().observation_size;
  Matrix observations(o, static_cast<Index>(map.columns) * map.rows);
  envs::Vector observation(o);
  const auto at = [](const StateAxis& axis, int i, int count) {
    return axis.range.At((i + 0.5) / count);  // the middle of a cell
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

std::string ActionName(Index i, Index count) {
  return count == 1 ? "action" : "action " + std::to_string(i + 1);
}

ActionGradient Differentiate(const PolicyReplica& policy, const envs::Vector& observation) {
  const nn::Network& actor = policy.actor();
  const agent::Vector o = observation.cast<agent::Real>();
  nn::Tape actor_tape = actor.MakeTape(1);
  ActionGradient result;
  result.action = actor.Evaluate(o, actor_tape).col(0);
  const agent::ActionValue value = agent::ValueOf(policy.critic(), o, result.action);
  result.q = value.q;
  result.dq_da = value.dq_du;
  return result;
}

ActionSlice SliceAction(const PolicyReplica& policy, const envs::Vector& observation,
                        const agent::Vector& noise) {
  const agent::ActionBounds& bounds = policy.policy().bounds();
  const ActionGradient at = Differentiate(policy, observation);
  const Index n = at.action.size();
  const agent::Vector o = observation.cast<agent::Real>();
  Matrix input = agent::CriticInput(o, at.action).replicate(1, kSlicePoints * n);
  const auto grid = agent::Vector::LinSpaced(kSlicePoints, -1, 1);
  for (Index i = 0; i < n; ++i) {
    input.row(o.size() + i).segment(i * kSlicePoints, kSlicePoints) = grid.transpose();
  }
  nn::Tape tape = policy.critic().MakeTape(input.cols());
  const Matrix& q = policy.critic().Evaluate(input, tape);
  ActionSlice slice;
  for (Index i = 0; i < n; ++i) {
    ActionSlice::Dimension& dimension = slice.dimensions.emplace_back();
    dimension.name = ActionName(i, n);
    for (Index k = 0; k < kSlicePoints; ++k) {
      dimension.actions.push_back(bounds.ToEnvironment(i, grid[k]));
      dimension.q.push_back(static_cast<double>(q(0, i * kSlicePoints + k)));
    }
    const double slope = bounds.Slope()[i];
    dimension.policy = bounds.ToEnvironment(i, at.action[i]);
    dimension.q_at_policy = at.q;
    dimension.gradient = static_cast<double>(at.dq_da[i]) / slope;
    dimension.noise = static_cast<double>(noise[i]) * slope;
    dimension.low = bounds.low[i];
    dimension.high = bounds.high[i];
  }
  return slice;
}

agent::Vector ExplorationDeviation(const PolicyReplica& policy, const envs::Vector& observation,
                                   Rng& rng) {
  const Index n = policy.actor().output_size();
  if (const auto& noise = policy.exploration_noise()) {
    const double deviation = std::visit([](const auto& p) { return Deviation(p); }, noise->process);
    return agent::Vector::Constant(n, static_cast<agent::Real>(deviation));
  }
  const agent::Vector o = observation.cast<agent::Real>();
  const Matrix observations = o.replicate(1, kNoiseDraws);
  Matrix actions(n, kNoiseDraws);
  agent::PolicyTape tape = policy.policy().MakeTape(kNoiseDraws);
  policy.policy().ActNormalized(observations, agent::Mode::kExplore, rng, tape, actions);
  const agent::Vector mean = actions.rowwise().mean();
  return ((actions.colwise() - mean).array().square().rowwise().mean()).sqrt();
}

agent::Vector GreatestQ(const PolicyReplica& policy, const Matrix& observations,
                        const StopCheck& stop) {
  agent::Vector q(observations.cols());
  for (Index first = 0; first < q.size(); first += kBatch) {
    const Index count = std::min(kBatch, q.size() - first);
    q.segment(first, count) = GreatestQOfBatch(policy, observations.middleCols(first, count), stop);
  }
  return q;
}

ValueMap ComputeValueMap(const PolicyReplica& policy, envs::Environment& environment,
                         const envs::Vector& state, const MapRequest& request,
                         const StopCheck& stop) {
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
    nn::Tape tape = policy.actor().MakeTape(observations.cols());
    const Matrix& actions = policy.actor().Evaluate(observations, tape);
    map.quantity = "policy, " + ActionName(request.policy_component, actions.rows());
    values = actions.row(request.policy_component).transpose();
  } else {
    values = GreatestQ(policy, observations, stop);
    Extent extent;
    extent.AddAll(values);
    map.range = extent.range();
  }
  map.values.assign(values.begin(), values.end());
  return map;
}

NetworkView ViewNetworks(const PolicyReplica& policy, const envs::Vector& observation) {
  const ActionGradient at = Differentiate(policy, observation);
  const agent::Vector o = observation.cast<agent::Real>();
  const std::vector<agent::NamedNetwork>& named = policy.networks();
  NetworkView view;
  view.networks.push_back(ViewNetwork(named[0].name, named[0].network, o));
  view.networks.push_back(
      ViewNetwork(named[1].name, named[1].network, agent::CriticInput(o, at.action)));
  return view;
}

TrainingCurves::Residual ResidualQuantiles(const PolicyReplica& policy,
                                           const RecentTransitions& transitions, double gamma) {
  const Index n = transitions.count;
  const Index o = transitions.next_observation.rows();
  const nn::Network& actor = policy.actor();
  const nn::Network& critic = policy.critic();
  nn::Tape actor_tape = actor.MakeTape(n);
  nn::Tape tape = critic.MakeTape(n);
  Matrix next(transitions.observation_action.rows(), n);
  next.topRows(o) = transitions.next_observation.leftCols(n);
  next.bottomRows(next.rows() - o) =
      actor.Evaluate(transitions.next_observation.leftCols(n), actor_tape);
  const agent::Vector next_q = critic.Evaluate(next, tape).row(0).transpose();
  const Matrix& q = critic.Evaluate(transitions.observation_action.leftCols(n), tape);
  std::vector<double> residuals;
  for (Index i = 0; i < n; ++i) {
    const double continues = 1 - static_cast<double>(transitions.terminated[i]);
    const double residual = static_cast<double>(transitions.reward[i]) +
                            gamma * continues * static_cast<double>(next_q[i]) -
                            static_cast<double>(q(0, i));
    if (std::isfinite(residual)) residuals.push_back(residual);
  }
  std::sort(residuals.begin(), residuals.end());
  return {.step = static_cast<double>(policy.step()),
          .q05 = Quantile(residuals, 0.05),
          .q25 = Quantile(residuals, 0.25),
          .median = Quantile(residuals, 0.5),
          .q75 = Quantile(residuals, 0.75),
          .q95 = Quantile(residuals, 0.95)};
}

ActionHistogram CountActions(const RecentTransitions& transitions, Index action_size,
                             const std::string& source) {
  ActionHistogram histogram;
  histogram.actions = transitions.count;
  histogram.source = source;
  const Index first = transitions.observation_action.rows() - action_size;
  for (Index i = 0; i < action_size; ++i) {
    auto& dimension = histogram.dimensions.emplace_back();
    dimension.name = ActionName(i, action_size);
    dimension.share.assign(kHistogramBins, 0);
    for (Index k = 0; k < transitions.count; ++k) {
      const auto a = static_cast<double>(transitions.observation_action(first + i, k));
      if (!std::isfinite(a)) continue;
      const int bin =
          std::clamp(static_cast<int>((a + 1) / 2 * kHistogramBins), 0, kHistogramBins - 1);
      dimension.share[static_cast<std::size_t>(bin)] += 1 / static_cast<double>(transitions.count);
    }
  }
  return histogram;
}

}  // namespace nabla::viewer
