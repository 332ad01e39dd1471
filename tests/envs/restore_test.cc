// State and memory restore every environment in the middle of an episode, with the parameters drawn
// at random, bit for bit and in either order.
#include <algorithm>
#include <memory>
#include <optional>

#include "envs/registry/environment_config.h"
#include "envs/registry/environment_laws.h"
#include "tests/support/catch.h"

namespace nabla::envs {
namespace {

// A range for `parameter` within its physical range, or nothing for a matrix.
std::optional<std::vector<double>> RangeAround(const Parameter& parameter) {
  if (parameter.value.size() != 1) return std::nullopt;
  const double value = parameter.value[0];
  return std::vector<double>{std::max(parameter.low, 0.9 * value),
                             std::min(parameter.high, 1.1 * value)};
}

// Each environment with one parameter drawn at random, and with all of them.
std::vector<EnvironmentConfig> RandomizedEnvironments() {
  std::vector<EnvironmentConfig> configs;
  for (const EnvironmentEntry& entry : Registry()) {
    EnvironmentConfig all;
    all.name = entry.name;
    for (const Parameter& parameter : entry.make()->Parameters()) {
      const auto range = RangeAround(parameter);
      if (!range) continue;
      EnvironmentConfig one;
      one.name = entry.name;
      one.randomize.uniform[parameter.name] = *range;
      configs.push_back(one);
      all.randomize.uniform[parameter.name] = *range;
    }
    configs.push_back(all);
  }
  return configs;
}

std::string NameOf(const EnvironmentConfig& config) {
  std::string name = config.name;
  for (const auto& [parameter, range] : config.randomize.uniform) name += " " + parameter;
  return name;
}

// The bits of the next steps and, if there are derivatives, of the derivatives there.
std::vector<double> Continue(Environment& environment) {
  constexpr int kSteps = 20;
  Rng actions(11);
  Vector observation(environment.spec().observation_size);
  environment.Observe(observation);
  std::vector<double> trace(observation.begin(), observation.end());
  StepDerivatives d;
  for (int i = 0; i < kSteps; ++i) {
    Vector action(environment.spec().action_size);
    for (double& a : action) a = actions.Uniform(-1, 1);
    if (const Differentiable* differentiable = environment.differentiable()) {
      differentiable->Derivatives(environment.State(), action, d);
      trace.insert(trace.end(), d.dnext_dstate.reshaped().begin(), d.dnext_dstate.reshaped().end());
      trace.insert(trace.end(), d.dreward_daction.begin(), d.dreward_daction.end());
    }
    const StepResult result = environment.Step(action, observation);
    trace.insert(trace.end(), observation.begin(), observation.end());
    trace.push_back(result.reward);
    trace.push_back(result.terminated + 2 * result.truncated);
  }
  return trace;
}

void RunFor(Environment& environment, std::uint64_t seed, int steps) {
  Rng rng(seed);
  Vector observation(environment.spec().observation_size);
  environment.Reset(rng, observation);
  const Vector middle = (environment.spec().action_low + environment.spec().action_high) / 2;
  for (int i = 0; i < steps; ++i) environment.Step(middle, observation);
}

}  // namespace

TEST_CASE("state and memory restore every environment with any drawn parameter", "[envs][laws]") {
  for (const EnvironmentConfig& config : RandomizedEnvironments()) {
    INFO(NameOf(config));
    const auto original = Make(config);
    RunFor(*original, 1, 5);
    const Vector state = original->State();
    const std::vector<std::uint64_t> memory = original->Memory();
    const auto clone = original->Clone();
    const std::vector<double> expected = Continue(*original);
    CHECK(Continue(*clone) == expected);
    const auto other = Make(config);
    RunFor(*other, 2, 3);
    other->SetState(state);
    other->SetMemory(memory);
    CHECK(other->State() == state);
    CHECK(Continue(*other) == expected);
    RunFor(*other, 3, 3);
    other->SetMemory(memory);
    other->SetState(state);
    CHECK(other->Memory() == memory);
    CHECK(Continue(*other) == expected);
  }
}

TEST_CASE("every environment keeps every law under random parameters and all wrappers",
          "[envs][laws]") {
  for (EnvironmentConfig config : RandomizedEnvironments()) {
    if (config.randomize.uniform.size() == 1) continue;
    config.action_repeat = 2;
    config.action_scaling = true;
    config.action_delay = 2;
    config.reward_scale = 0.5;
    config.observation_noise = {0.01};
    config.frame_history = 2;
    const auto environment = Make(config);
    for (const LawResult& result : CheckEnvironment(*environment)) {
      INFO(NameOf(config) << ": " << result.law << ": " << result.detail);
      CHECK(result.holds);
    }
  }
}

TEST_CASE("setting parameters keeps the state, of a wrapped environment too", "[envs]") {
  for (const EnvironmentEntry& entry : Registry()) {
    INFO(entry.name);
    EnvironmentConfig config;
    config.name = entry.name;
    config.frame_history = 2;
    const auto environment = Make(config);
    RunFor(*environment, 1, 5);
    const Vector state = environment->State();
    for (const Parameter& parameter : environment->Parameters()) {
      const auto range = RangeAround(parameter);
      if (!range) continue;
      environment->SetParameters({{parameter.name, {range->front()}}});
      CHECK(environment->State() == state);
    }
  }
}

TEST_CASE("a wrapped system keeps its size", "[envs]") {
  EnvironmentConfig config;
  config.name = "LinearQuadratic";
  config.parameters = {{"A", {1, 0.1, 0, 1}}, {"B", {0, 0.1}}, {"Q", {1, 0, 0, 1}}, {"R", {1}}};
  const auto environment = Make(config);
  CHECK(environment->spec().state_size == 2);
  environment->SetState(Vector{{1, 2}});
  CHECK_THROWS_WITH(environment->SetParameters({{"A", {1}}, {"B", {1}}, {"Q", {1}}, {"R", {1}}}),
                    test::ContainsText("change the number of states or actions"));
  CHECK(environment->State() == Vector{{1, 2}});
  environment->SetParameters({{"A", {1, 0.2, 0, 1}}});
  CHECK(environment->State() == Vector{{1, 2}});
}

}  // namespace nabla::envs
