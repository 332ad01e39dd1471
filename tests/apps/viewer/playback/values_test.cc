// What the panels are told of policy and critic, against other ways to compute it.
#include <cmath>

#include "apps/viewer/playback/analyst.h"
#include "apps/viewer/playback/policy_values.h"
#include "tests/apps/viewer/playback/runs.h"
#include "tests/support/catch.h"

namespace nabla::viewer {
namespace {

struct Sample {
  agent::TaskConfig config = test::SmallTask("Quadrotor2DHover");
  std::unique_ptr<envs::Environment> environment = envs::Make(config.environment);
  Policy policy{config};
  envs::Vector observation{environment->spec().observation_size};

  Sample() {
    policy.Load(*test::UntrainedPolicy(config));
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
      SliceAction(sample.policy, sample.observation, sample.environment->spec(),
                  agent::Vector::Constant(2, agent::Real(0.1)));
  const ActionGradient at = Differentiate(sample.policy, sample.observation);
  REQUIRE(slice.dimensions.size() == 2);
  for (Index i = 0; i < 2; ++i) {
    const auto& dimension = slice.dimensions[static_cast<std::size_t>(i)];
    CHECK(std::abs(dimension.q_at_policy - sample.Q(at.action)) < 1e-6);
    agent::Vector up = at.action, down = at.action;
    up[i] += agent::Real(1e-2), down[i] -= agent::Real(1e-2);
    const double slope = (sample.Q(up) - sample.Q(down)) / 2e-2;
    CHECK(std::abs(dimension.gradient - slope) < 1e-3);
    up[i] = static_cast<agent::Real>(dimension.actions[10]);
    CHECK(std::abs(dimension.q[10] - sample.Q(up)) < 1e-5);
    CHECK(std::abs(dimension.noise - 0.1) < 1e-6);
  }
}

TEST_CASE("values: no action on a fine grid is better than the greatest Q by more than the grid") {
  const Sample sample;
  const Matrix observation = sample.observation.cast<agent::Real>();
  const double greatest = static_cast<double>(GreatestQ(sample.policy, observation)[0]);
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

TEST_CASE("values: a map is the quantity at the middle of each cell") {
  const agent::TaskConfig config = test::SmallTask();
  const auto environment = envs::Make(config.environment);
  Policy policy(config);
  policy.Load(*test::UntrainedPolicy(config));
  MapRequest request;
  request.x.index = 0, request.x.low = -3, request.x.high = 3;
  request.y.index = 1, request.y.low = -8, request.y.high = 8;
  request.columns = 6, request.rows = 4, request.policy_component = 0;
  const ValueMap map = ComputeValueMap(policy, *environment, envs::Vector::Zero(2), request);
  REQUIRE(map.values.size() == 24);
  const double theta = -0.5, theta_dot = 2;  // column 2 of 6, row 2 of 4
  envs::Vector observation(3);
  observation << std::cos(theta), std::sin(theta), theta_dot;
  Rng unused(0);
  const double action =
      static_cast<double>(policy.Act(observation, agent::Mode::kExploit, unused)[0]);
  CHECK(std::abs(static_cast<double>(map.values[2 * 6 + 2]) - action) < 1e-6);
  request.policy_component = -1;
  const ValueMap values = ComputeValueMap(policy, *environment, envs::Vector::Zero(2), request);
  CHECK(values.minimum <= values.maximum);
  CHECK(values.quantity != map.quantity);
}

TEST_CASE("values: residuals and actions are those of the experience") {
  const agent::TaskConfig config = test::SmallTask();
  Policy policy(config);
  policy.Load(*test::UntrainedPolicy(config));
  Experience experience;
  experience.Allocate(3, 1, 8);
  agent::Vector o(3), next(3), a(1);
  o << 1, 0, 0, next << 0, 1, 0, a << agent::Real(0.5);
  for (int i = 0; i < 11; ++i) experience.Add(o, a, -2.0, next, true);  // the ring goes round
  CHECK(experience.count == 8);
  CHECK(experience.added == 11);
  const TrainingCurves::Residual residual = ResidualQuantiles(policy, experience, 0.9);
  agent::Vector input(4);
  input << o, a;
  nn::Tape tape = policy.critic().MakeTape(1);
  const double q = static_cast<double>(policy.critic().Evaluate(input, tape)(0, 0));
  CHECK(std::abs(residual.median - (-2 - q)) < 1e-5);
  CHECK(std::abs(residual.q95 - residual.q05) < 1e-6);
  const ActionHistogram histogram = CountActions(experience, 1, "test");
  double sum = 0;
  for (const double share : histogram.dimensions.at(0).share) sum += share;
  CHECK(std::abs(sum - 1) < 1e-9);
  CHECK(std::abs(histogram.dimensions[0].share.at(30) - 1) < 1e-9);
}

TEST_CASE("values: the analyst answers from its thread, and hidden panels cost nothing") {
  test::StillSource source(test::SmallTask());
  Analyst analyst(source.config(), Analyst::Subject::kState);
  envs::Vector observation(3);
  observation << 1, 0, 0;
  Question question{.policy = source.training().policy,
                    .experience = nullptr,
                    .experience_source = "",
                    .state = envs::Vector::Zero(2),
                    .observation = observation,
                    .map = {},
                    .panels = {}};
  question.panels.set(static_cast<std::size_t>(Panel::kActionSlice));
  Answers answers;
  for (int i = 0; i < 10'000 && !answers.action_slice; ++i) {
    analyst.Ask(question);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    answers = analyst.Take();
  }
  REQUIRE(answers.action_slice);
  CHECK(answers.action_slice->dimensions.size() == 1);
  CHECK(!answers.value_map);
  CHECK(!answers.network);
}

}  // namespace
}  // namespace nabla::viewer
