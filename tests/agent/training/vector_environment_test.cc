// Several copies of an environment: bit-identical to single ones, converted to the agent's units.
#include "agent/training/vector_environment.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "agent/state/state_files.h"
#include "envs/registry/environment_config.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace nabla::agent {
namespace {

using test::ContainsText;

std::unique_ptr<envs::Environment> Short(const std::string& name) {
  envs::EnvironmentConfig config;
  config.name = name;
  config.step_limit = 30;
  return envs::Make(config);
}

Matrix RandomActions(Index rows, Index cols, Rng& rng) {
  Matrix actions(rows, cols);
  for (Index i = 0; i < actions.size(); ++i) {
    actions.data()[i] = static_cast<Real>(rng.Uniform(-1, 1));
  }
  return actions;
}

}  // namespace

TEST_CASE("vector environment: copies have the bits of single environments", "[agent][laws]") {
  constexpr int kCopies = 5, kSteps = 100;
  for (const envs::EnvironmentEntry& entry : envs::Registry()) {
    INFO(entry.name);
    const auto prototype = Short(entry.name);
    const envs::Spec& spec = prototype->spec();
    VectorEnvironment copies(*prototype, kCopies, 3, "test");
    std::vector<std::unique_ptr<envs::Environment>> single;
    std::vector<Rng> rngs;
    envs::Vector observation(spec.observation_size);
    for (int i = 0; i < kCopies; ++i) {
      single.push_back(prototype->Clone());
      rngs.emplace_back(3, "test." + std::to_string(i));
      single[i]->Reset(rngs[i], observation);
      CHECK(observation.cast<Real>() == copies.observations().col(i));
    }
    Rng actions_rng(4);
    std::vector<double> total(kCopies, 0);
    int ends = 0;
    for (int step = 0; step < kSteps; ++step) {
      const Matrix actions = RandomActions(spec.action_size, kCopies, actions_rng);
      copies.Step(actions);
      for (int i = 0; i < kCopies; ++i) {
        const envs::Vector own =
            spec.action_low.array() + (actions.col(i).cast<double>().array() + 1) / 2 *
                                          (spec.action_high - spec.action_low).array();
        const envs::StepResult expected = single[i]->Step(own, observation);
        const bool ended = expected.terminated || expected.truncated;
        total[i] += expected.reward;
        CHECK(copies.reward(i) == expected.reward);
        CHECK(copies.total_reward(i) == total[i]);
        CHECK(copies.terminated(i) == expected.terminated);
        CHECK(copies.ended(i) == ended);
        CHECK(observation.cast<Real>() == copies.NextObservation(i));
        if (ended) {
          ++ends;
          total[i] = 0;
          single[i]->Reset(rngs[i], observation);
        }
        CHECK(observation.cast<Real>() == copies.observations().col(i));
      }
    }
    CHECK(ends >= 3 * kCopies);
  }
}

TEST_CASE("vector environment: invalid actions leave all copies unchanged", "[agent]") {
  VectorEnvironment copies(*Short("Pendulum-v1"), 3, 1, "test");
  const Matrix before = copies.observations();
  CHECK_THROWS_AS(copies.Step(Matrix::Zero(1, 2)), std::invalid_argument);
  CHECK_THROWS_AS(copies.Step(Matrix::Zero(2, 3)), std::invalid_argument);
  CHECK_THROWS_AS(copies.Step(Matrix{{0, 0, NAN}}), std::invalid_argument);
  CHECK(copies.observations() == before);
  CHECK(copies.length(0) == 0);
  CHECK_THROWS_WITH(VectorEnvironment(*Short("Pendulum-v1"), 0, 1, "test"),
                    ContainsText("at least one copy"));
}

// Every environment, with all parameters drawn at random. Restored in the middle of an episode, it
// continues with the same bits.
TEST_CASE("vector environment: restored with drawn parameters, it has the bits of the original",
          "[agent][laws]") {
  for (const envs::EnvironmentEntry& entry : envs::Registry()) {
    envs::EnvironmentConfig config;
    config.name = entry.name;
    config.step_limit = 20;
    for (const envs::Parameter& parameter : entry.make()->Parameters()) {
      if (parameter.value.size() != 1) continue;
      const double value = parameter.value[0];
      const double high = std::min(value + 0.1 * std::fabs(value), parameter.high);
      const double low = std::max(value - 0.1 * std::fabs(value), parameter.low);
      config.randomize.uniform[parameter.name] = {low, high};
    }
    INFO(entry.name);
    const auto prototype = envs::Make(config);
    VectorEnvironment whole(*prototype, 2, 1, "test"), restored(*prototype, 2, 2, "test");
    Rng rng(5);
    const auto actions = [&] { return RandomActions(prototype->spec().action_size, 2, rng); };
    for (int step = 0; step < 33; ++step) whole.Step(actions());
    for (int step = 0; step < 7; ++step) restored.Step(actions());

    const test::TempFolder folder;
    StateSaver saver(false);
    whole.Serialize(StateArchive(saver).Group("copies", TensorFile::kReplay));
    saver.WriteTo(folder.path(), "latest", 0, nlohmann::json::object());
    StateLoader loader(folder.path());
    restored.Serialize(loader.archive().Group("copies", TensorFile::kReplay));
    for (int step = 0; step < 40; ++step) {
      const Matrix both = actions();
      whole.Step(both);
      restored.Step(both);
      REQUIRE(restored.observations() == whole.observations());
      REQUIRE(restored.reward(0) == whole.reward(0));
      REQUIRE(restored.ended(1) == whole.ended(1));
    }
  }
}

}  // namespace nabla::agent
