#include "apps/viewer/playback/policy_values.h"

#include <algorithm>
#include <cmath>
#include <variant>
#include <vector>

namespace nabla::viewer {
namespace {

constexpr Index kSlicePoints = 81;
constexpr Index kNoiseDraws = 64;
constexpr int kHistogramBins = 40;

agent::Vector CriticInput(const agent::Vector& observation, const agent::Vector& action) {
  agent::Vector input(observation.size() + action.size());
  input << observation, action;
  return input;
}

// The q-quantile of sorted values, between the two nearest.
double Quantile(const std::vector<double>& sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

double Deviation(const agent::GaussianNoise& noise) { return noise.sigma; }

// n' = (1 − θ dt) n + σ √dt ε settles to σ² dt / (1 − (1 − θ dt)²).
double Deviation(const agent::OrnsteinUhlenbeckNoise& noise) {
  const double kept = 1 - noise.theta * noise.dt;
  if (kept >= 1) return 1;  // it never settles
  return std::min(1.0, noise.sigma * std::sqrt(noise.dt / (1 - kept * kept)));
}

NetworkView::Network ViewNetwork(const std::string& name, const nn::Network& network,
                                 const agent::Vector& input) {
  // Each layer's output is that of the network's first layers: its activations.
  nn::Tape tape = network.MakeTape(1, {.jacobian = true});
  network.Forward(input, tape);
  Matrix jacobian(network.output_size(), network.parameter_count());
  network.WeightJacobian(tape, jacobian);
  NetworkView::Network view{.name = name, .layers = {}};
  const auto specs = network.Spec().layers;
  for (std::size_t k = 0; k < network.layer_count(); ++k) {
    NetworkView::Layer& layer = view.layers.emplace_back();
    layer.name = specs[k].Text();
    const auto& output = network.Output(tape, k);
    layer.activations.assign(output.data(), output.data() + output.size());
    const Index count = network.layer(k).parameter_count();
    if (count == 0) continue;
    layer.jacobian_norm =
        static_cast<double>(jacobian.middleCols(network.parameter_offset(k), count).norm());
  }
  return view;
}

}  // namespace

std::string ActionName(Index i, Index count) {
  return count == 1 ? "action" : "action " + std::to_string(i + 1);
}

ActionGradient Differentiate(const Policy& policy, const envs::Vector& observation) {
  const nn::Network& actor = policy.actor();
  const nn::Network& critic = policy.critic();
  const agent::Vector o = observation.cast<agent::Real>();
  nn::Tape actor_tape = actor.MakeTape(1);
  ActionGradient result;
  result.action = actor.Evaluate(o, actor_tape).col(0);
  nn::Tape critic_tape = critic.MakeTape(1);
  const agent::Vector input = CriticInput(o, result.action);
  result.q = static_cast<double>(critic.Forward(input, critic_tape)(0, 0));
  Matrix gradient(result.action.size(), 1);
  critic.InputGradient(critic_tape, gradient, o.size());
  result.dq_da = gradient.col(0);
  return result;
}

ActionSlice SliceAction(const Policy& policy, const envs::Vector& observation,
                        const envs::Spec& spec, const agent::Vector& noise) {
  const ActionGradient at = Differentiate(policy, observation);
  const Index n = at.action.size();
  const agent::Vector o = observation.cast<agent::Real>();
  Matrix input = CriticInput(o, at.action).replicate(1, kSlicePoints * n);
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
      dimension.actions.push_back(static_cast<double>(grid[k]));
      dimension.q.push_back(static_cast<double>(q(0, i * kSlicePoints + k)));
    }
    dimension.policy = static_cast<double>(at.action[i]);
    dimension.q_at_policy = at.q;
    dimension.gradient = static_cast<double>(at.dq_da[i]);
    dimension.noise = static_cast<double>(noise[i]);
    dimension.low = spec.action_low[i];
    dimension.high = spec.action_high[i];
  }
  return slice;
}

agent::Vector ExplorationDeviation(const Policy& policy, const envs::Vector& observation,
                                   Rng& rng) {
  const Index n = policy.actor().output_size();
  if (const agent::NoiseConfig* noise = policy.agent().exploration_noise()) {
    const double deviation = std::visit([](const auto& p) { return Deviation(p); }, noise->process);
    return agent::Vector::Constant(n, static_cast<agent::Real>(deviation));
  }
  const agent::Vector o = observation.cast<agent::Real>();
  const Matrix observations = o.replicate(1, kNoiseDraws);
  Matrix actions(n, kNoiseDraws);
  agent::ActTape tape = policy.agent().MakeActTape(kNoiseDraws);
  policy.agent().Act(observations, agent::Mode::kExplore, rng, tape, actions);
  const agent::Vector mean = actions.rowwise().mean();
  return ((actions.colwise() - mean).array().square().rowwise().mean()).sqrt();
}

NetworkView ViewNetworks(const Policy& policy, const envs::Vector& observation) {
  const ActionGradient at = Differentiate(policy, observation);
  const agent::Vector o = observation.cast<agent::Real>();
  const std::vector<agent::NamedNetwork>& named = policy.networks();
  NetworkView view;
  view.networks.push_back(ViewNetwork(named[0].name, named[0].network, o));
  view.networks.push_back(ViewNetwork(named[1].name, named[1].network, CriticInput(o, at.action)));
  return view;
}

TrainingCurves::Residual ResidualQuantiles(const Policy& policy, const Experience& experience,
                                           double gamma) {
  const Index n = experience.count;
  const Index o = experience.next_observation.rows();
  const nn::Network& actor = policy.actor();
  const nn::Network& critic = policy.critic();
  nn::Tape actor_tape = actor.MakeTape(n);
  nn::Tape tape = critic.MakeTape(n);
  Matrix next(experience.observation_action.rows(), n);
  next.topRows(o) = experience.next_observation.leftCols(n);
  next.bottomRows(next.rows() - o) =
      actor.Evaluate(experience.next_observation.leftCols(n), actor_tape);
  const agent::Vector next_q = critic.Evaluate(next, tape).row(0).transpose();
  const Matrix& q = critic.Evaluate(experience.observation_action.leftCols(n), tape);
  std::vector<double> residuals;
  for (Index i = 0; i < n; ++i) {
    const double goes_on = 1 - static_cast<double>(experience.terminated[i]);
    residuals.push_back(static_cast<double>(experience.reward[i]) +
                        gamma * goes_on * static_cast<double>(next_q[i]) -
                        static_cast<double>(q(0, i)));
  }
  std::sort(residuals.begin(), residuals.end());
  return {.step = static_cast<double>(policy.step()),
          .q05 = Quantile(residuals, 0.05),
          .q25 = Quantile(residuals, 0.25),
          .median = Quantile(residuals, 0.5),
          .q75 = Quantile(residuals, 0.75),
          .q95 = Quantile(residuals, 0.95)};
}

ActionHistogram CountActions(const Experience& experience, Index action_size,
                             const std::string& source) {
  ActionHistogram histogram;
  histogram.actions = experience.count;
  histogram.source = source;
  const Index first = experience.observation_action.rows() - action_size;
  for (Index i = 0; i < action_size; ++i) {
    auto& dimension = histogram.dimensions.emplace_back();
    dimension.name = ActionName(i, action_size);
    dimension.share.assign(kHistogramBins, 0);
    for (Index k = 0; k < experience.count; ++k) {
      const auto a = static_cast<double>(experience.observation_action(first + i, k));
      const int bin =
          std::clamp(static_cast<int>((a + 1) / 2 * kHistogramBins), 0, kHistogramBins - 1);
      dimension.share[static_cast<std::size_t>(bin)] += 1 / static_cast<double>(experience.count);
    }
  }
  return histogram;
}

}  // namespace nabla::viewer
