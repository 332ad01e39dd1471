// The values that the panels show of policy and critic, against independent computations.
#include <cmath>
#include <limits>

#include "apps/viewer/playback/analysis.h"
#include "apps/viewer/playback/policy_values.h"
#include "tests/apps/viewer/playback/runs.h"
#include "tests/support/catch.h"

namespace nabla::viewer {
namespace {

const StopCheck kNever = [] { return false; };

struct Sample {
  agent::TaskConfig config = test::SmallTask("Quadrotor2DHover");
  std::unique_ptr<envs::Environment> environment = envs::Make(config.environment);
  PolicyReplica policy{config};
  envs::Vector observation{environment->spec().observation_size};

  Sample() {
    policy.Load(test::UntrainedPolicy(config));
    Rng rng(5);
    environment->Reset(rng, observation);
  }

  double Q(const agent::Vector& action) const {
    agent::Vector input(observation.size() + action.size());
    input << observation.cast<agent::Real>(), action;
    nn::Tape tape = policy.critic().MakeTape(1);
    return static_cast<double>(policy.critic().Evaluate(input, tape)(0, 0));
  }
};

TEST_CASE("values: the gradient is the slope of the slice at the policy's action") {
  const Sample sample;
  const ActionSlice slice =
      SliceAction(sample.policy, sample.observation, agent::Vector::Constant(2, agent::Real(0.1)));
  const agent::ActionBounds& bounds = sample.policy.policy().bounds();
  const ActionGradient at = Differentiate(sample.policy, sample.observation);
  REQUIRE(slice.dimensions.size() == 2);
  for (Index i = 0; i < 2; ++i) {
    const auto& dimension = slice.dimensions[static_cast<std::size_t>(i)];
    CHECK(std::abs(dimension.q_at_policy - sample.Q(at.action)) < 1e-6);
    agent::Vector up = at.action, down = at.action;
    up[i] += agent::Real(1e-2), down[i] -= agent::Real(1e-2);
    const double slope = (sample.Q(up) - sample.Q(down)) / 2e-2;
    const double da_du = bounds.Slope()[i];
    CHECK(std::abs(dimension.gradient * da_du - slope) < 1e-3);
    up[i] = static_cast<agent::Real>((dimension.actions[10] - bounds.low[i]) / da_du - 1);
    CHECK(std::abs(dimension.q[10] - sample.Q(up)) < 1e-5);
    CHECK(std::abs(dimension.noise / da_du - 0.1) < 1e-6);
  }
}

TEST_CASE("values: the greatest Q is that of a fine grid of actions") {
  const Sample sample;
  const Matrix observation = sample.observation.cast<agent::Real>();
  const double greatest = static_cast<double>(GreatestQ(sample.policy, observation, kNever)[0]);
  double best = -1e9;
  for (int i = 0; i <= 40; ++i) {
    for (int j = 0; j <= 40; ++j) {
      agent::Vector action(2);
      action << agent::Real(i) / 20 - 1, agent::Real(j) / 20 - 1;
      best = std::max(best, sample.Q(action));
    }
  }
  CHECK(greatest > best - 1e-3);
  CHECK(greatest < best + 1e-2);
}

TEST_CASE("values: the greatest Q stops when it is asked to") {
  const Sample sample;
  const Matrix observation = sample.observation.cast<agent::Real>();
  int left = 5;
  CHECK_THROWS_AS(GreatestQ(sample.policy, observation, [&left] { return --left == 0; }),
                  WorkStopped);
  CHECK(left == 0);
}

TEST_CASE("values: a map is the quantity at the middle of each cell") {
  const agent::TaskConfig config = test::SmallTask();
  const auto environment = envs::Make(config.environment);
  PolicyReplica policy(config);
  policy.Load(test::UntrainedPolicy(config));
  MapRequest request;
  request.x.index = 0, request.x.range = {-3, 3};
  request.y.index = 1, request.y.range = {-8, 8};
  request.columns = 6, request.rows = 4, request.policy_component = 0;
  const ValueMap map =
      ComputeValueMap(policy, *environment, envs::Vector::Zero(2), request, kNever);
  REQUIRE(map.values.size() == 24);
  const double theta = -0.5, theta_dot = 2;  // column 2 of 6, row 2 of 4
  envs::Vector observation(3);
  observation << std::cos(theta), std::sin(theta), theta_dot;
  Rng unused(0);
  const double action =
      static_cast<double>(policy.Act(observation, agent::Mode::kExploit, unused)[0]);
  CHECK(std::abs(static_cast<double>(map.values[2 * 6 + 2]) - action) < 1e-6);
  request.policy_component = -1;
  const ValueMap values =
      ComputeValueMap(policy, *environment, envs::Vector::Zero(2), request, kNever);
  CHECK(values.range.low <= values.range.high);
  CHECK(values.quantity != map.quantity);
}

TEST_CASE("values: residuals and histogram of transitions") {
  const agent::TaskConfig config = test::SmallTask();
  PolicyReplica policy(config);
  policy.Load(test::UntrainedPolicy(config));
  RecentTransitions transitions(3, 1, 8);
  agent::Vector o(3), next(3), a(1);
  o << 1, 0, 0, next << 0, 1, 0, a << agent::Real(0.5);
  for (int i = 0; i < 11; ++i) transitions.Add(o, a, -2.0, next, true);  // wraps around
  CHECK(transitions.count == 8);
  CHECK(transitions.added == 11);
  const TrainingCurves::Residual residual = ResidualQuantiles(policy, transitions, 0.9);
  agent::Vector input(4);
  input << o, a;
  nn::Tape tape = policy.critic().MakeTape(1);
  const double q = static_cast<double>(policy.critic().Evaluate(input, tape)(0, 0));
  CHECK(std::abs(residual.median - (-2 - q)) < 1e-5);
  CHECK(std::abs(residual.q95 - residual.q05) < 1e-6);
  const ActionHistogram histogram = CountActions(transitions, 1, "test");
  double sum = 0;
  for (const double share : histogram.dimensions.at(0).share) sum += share;
  CHECK(std::abs(sum - 1) < 1e-9);
  CHECK(std::abs(histogram.dimensions[0].share.at(30) - 1) < 1e-9);
}

// Critics diverge: quantiles of NaN would be undefined, and ranges of NaN empty.
TEST_CASE("values: what is not finite is left out of quantiles, histograms and ranges") {
  const agent::TaskConfig config = test::SmallTask();
  PolicyReplica policy(config);
  policy.Load(test::UntrainedPolicy(config));
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  agent::Vector o(3), next(3), a(1), no_action(1);
  o << 1, 0, 0, next << 0, 1, 0, a << agent::Real(0.5), no_action << static_cast<agent::Real>(kNan);
  RecentTransitions finite(3, 1, 64), mixed = finite, none = finite;
  for (int i = 0; i < 40; ++i) {
    finite.Add(o, a, i, next, true);
    if (i % 4 == 0) mixed.Add(o, no_action, kNan, next, true);
    mixed.Add(o, a, i, next, true);
    none.Add(o, no_action, kNan, next, true);
  }
  const auto expected = ResidualQuantiles(policy, finite, 0.9);
  const auto quantiles = ResidualQuantiles(policy, mixed, 0.9);
  CHECK(quantiles.q05 == expected.q05);
  CHECK(quantiles.median == expected.median);
  CHECK(quantiles.q95 == expected.q95);
  CHECK(std::isnan(ResidualQuantiles(policy, none, 0.9).median));
  double sum = 0;
  const ActionHistogram counted = CountActions(mixed, 1, "test");
  for (const double share : counted.dimensions.at(0).share) sum += share;
  CHECK(std::abs(sum - 40 / 50.0) < 1e-9);

  Extent extent;
  extent.AddAll(std::vector<double>{kNan, 2, -INFINITY, 1, kNan, INFINITY});
  CHECK(extent.range().low == 1);
  CHECK(extent.range().high == 2);
  CHECK(Extent().range().low == 0);
  CHECK(Extent().range().high == 1);
}

// A critic that has left the finite numbers gives values that are not finite: the range must be.
TEST_CASE("values: a map of values that are not finite has a finite range") {
  const agent::TaskConfig config = test::SmallTask();
  const auto environment = envs::Make(config.environment);
  PolicyReplica policy(config);
  agent::SavedPolicy saved = *test::UntrainedPolicy(config);
  saved.networks.at(1).network.parameters().setConstant(1e30f);  // products overflow
  policy.Load(std::make_shared<const agent::SavedPolicy>(saved));
  MapRequest request;
  request.x = {.index = 0, .name = "", .unit = "", .range = {-3, 3}};
  request.y = {.index = 1, .name = "", .unit = "", .range = {-1, 1}};
  request.columns = 4, request.rows = 3;
  const ValueMap map =
      ComputeValueMap(policy, *environment, envs::Vector::Zero(2), request, kNever);
  CHECK(!std::isfinite(map.values.at(0)));
  CHECK(std::isfinite(map.range.low));
  CHECK(map.range.low < map.range.high);
}

TEST_CASE("values: an analysis thread computes the shown panels only") {
  test::StillSource source(test::SmallTask());
  AnalysisThread thread(source.config(), AnalysisThread::Subject::kState);
  envs::Vector observation(3);
  observation << 1, 0, 0;
  AnalysisRequest request{.policy = source.training().policy,
                          .transitions = nullptr,
                          .transitions_source = "",
                          .state = envs::Vector::Zero(2),
                          .observation = observation,
                          .map = {},
                          .panels = {}};
  request.panels.set(static_cast<std::size_t>(Panel::kActionSlice));
  AnalysisResult result;
  for (int i = 0; i < 10'000 && !result.action_slice; ++i) {
    thread.Request(request);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    result = thread.Latest();
  }
  REQUIRE(result.action_slice);
  CHECK(result.action_slice->dimensions.size() == 1);
  CHECK(!result.value_map);
  CHECK(!result.network);
}

}  // namespace
}  // namespace nabla::viewer
