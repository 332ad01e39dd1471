// The policy (double): it acts in the units of the environment, and its derivative includes
// normaliser, clip, squashing, refinement and bounds.
#include "agent/policy/policy.h"

#include <algorithm>

#include "agent/learning/gaussian_actor.h"
#include "tests/support/catch.h"
#include "tests/support/finite_difference.h"

using namespace nabla;
using namespace nabla::agent;
using nabla::test::CentralDifferences;
using nabla::test::RelativeError;

namespace policy_laws {
namespace {

constexpr Index kObservation = 4, kAction = 2;

nn::Network Random(Index in, Index out, const std::string& last) {
  nn::Network network = nn::MakeNetwork({.hidden = {7, 5}, .activation = "silu"}, in, out, last);
  network.parameters() = Vector::Random(network.parameter_count());
  return network;
}

envs::Spec Asymmetric() {
  envs::Spec spec;
  spec.observation_size = kObservation;
  spec.action_size = kAction;
  spec.action_low = (envs::Vector(2) << -2, 1).finished();
  spec.action_high = (envs::Vector(2) << 0.5, 7).finished();
  return spec;
}

struct Case {
  Policy::Kind kind;
  bool normalized;
  RefineWhen refine;
  Index critic_outputs;
};

const Case kCases[] = {
    {Policy::Kind::kDeterministic, false, RefineWhen::kNever, 1},
    {Policy::Kind::kDeterministic, true, RefineWhen::kNever, 1},
    {Policy::Kind::kSquashedGaussian, false, RefineWhen::kNever, 1},
    {Policy::Kind::kSquashedGaussian, true, RefineWhen::kEvaluation, 1},
    {Policy::Kind::kDeterministic, true, RefineWhen::kAlways, 1},
    {Policy::Kind::kSquashedGaussian, false, RefineWhen::kAlways, 5},
};

std::shared_ptr<nn::Network> NewCritic(Index outputs) {
  return std::make_shared<nn::Network>(Random(kObservation + kAction, outputs, "identity"));
}

Policy Make(const Case& c, const std::shared_ptr<nn::Network>& critic, double rate = 0.05) {
  const bool deterministic = c.kind == Policy::Kind::kDeterministic;
  std::optional<ObservationNormalizer> normalizer;
  if (c.normalized) {
    normalizer.emplace(kObservation);
    normalizer->Observe(Matrix::Random(kObservation, 50) * 0.3 + Matrix::Ones(kObservation, 50));
  }
  Policy policy(c.kind,
                Random(kObservation, deterministic ? kAction : 2 * kAction,
                       deterministic ? "tanh" : "identity"),
                ActionBounds(Asymmetric()), normalizer,
                {.refine = c.refine, .refine_steps = 3, .refine_rate = rate});
  policy.ClimbOn(critic);
  return policy;
}

envs::Vector Act(const Policy& policy, const Vector& observation) {
  PolicyTape tape = policy.MakeTape(1);
  envs::Matrix action(kAction, 1);
  policy.Act(observation, tape, action);
  return action;
}

Vector SomeObservation() { return (Vector(kObservation) << 0.9, 1.2, 0.7, 1.1).finished(); }

}  // namespace

TEST_CASE("policy: the derivative is that of the action, in the units of the environment",
          "[agent][laws]") {
  std::srand(3);
  for (const Case& c : kCases) {
    CAPTURE(static_cast<int>(c.kind), c.normalized, static_cast<int>(c.refine), c.critic_outputs);
    const Policy policy = Make(c, NewCritic(c.critic_outputs));
    const Vector o = SomeObservation();
    const Policy::Linearization at = policy.Linearize(o);
    const envs::Vector action = Act(policy, o);
    REQUIRE(at.action.isApprox(action, 1e-12));
    REQUIRE((action.array() >= Asymmetric().action_low.array()).all());
    REQUIRE((action.array() <= Asymmetric().action_high.array()).all());
    const auto act = [&](const Eigen::VectorXd& x) { return Act(policy, x); };
    REQUIRE(RelativeError(at.daction_dobservation, CentralDifferences(act, o)) < 1e-6);
    const envs::Vector slope = (Asymmetric().action_high - Asymmetric().action_low) / 2;
    REQUIRE(at.daction_dobservation.isApprox(slope.asDiagonal() * at.du_dobservation, 1e-12));
  }
}

TEST_CASE("policy: constant beyond the clip of the normaliser and at the bounds of the refinement",
          "[agent][laws]") {
  std::srand(4);
  const Policy clipped = Make(kCases[1], nullptr);
  Vector o = SomeObservation();
  o[2] = 1000;
  const envs::Matrix gain = clipped.Linearize(o).daction_dobservation;
  REQUIRE(gain.col(2).isZero(0));
  REQUIRE(gain.col(0).norm() > 0);
  o[2] = 2000;
  REQUIRE(clipped.Linearize(o).action == Act(clipped, o));

  const Policy pushed =
      Make(kCases[4], NewCritic(1), 1000);  // every refinement step ends at a bound
  const Policy::Linearization at = pushed.Linearize(SomeObservation());
  REQUIRE((at.u.array().abs() == 1).all());
  REQUIRE(at.daction_dobservation.isZero(0));
}

TEST_CASE("policy: a copy stays as it is while the original and its critic learn", "[agent]") {
  std::srand(5);
  const auto critic = NewCritic(1);
  Policy policy = Make(kCases[4], critic);
  const Policy copy = policy;
  const envs::Vector before = Act(policy, SomeObservation());
  critic->parameters() *= 2;
  REQUIRE(Act(policy, SomeObservation()) != before);  // it uses the current critic
  REQUIRE(Act(copy, SomeObservation()) == before);
  policy.network().parameters() *= -1;
  policy.Observe(Matrix::Random(kObservation, 100));
  REQUIRE(Act(copy, SomeObservation()) == before);
}

}  // namespace policy_laws
