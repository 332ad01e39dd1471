// PolicyCopy: the networks of an agent that learns, copied without allocation.
#include "agent/run/saved_policy.h"
#include "agent/training/trainer.h"
#include "tests/support/allocation_counter.h"
#include "tests/support/catch.h"

namespace nabla::agent {
namespace {

TaskConfig SmallTask(const std::string& algorithm, bool extended) {
  TaskConfig task;
  task.agent.algorithm = DefaultConfig(algorithm);
  std::visit(
      [extended](auto& config) {
        config.actor.hidden = config.critic.hidden = {16, 16};
        config.batch_size = 16;
        if (extended) config.refine.refine = RefineWhen::kAlways;
      },
      task.agent.algorithm);
  task.trainer = {.steps = 10'000, .warmup_steps = 50, .buffer_size = 500};
  task.trainer.normalize_observations = extended;
  return task;
}

Matrix ActionsOf(const Policy& policy) {
  const Matrix observation = Vector::LinSpaced(policy.observation_size(), -3, 4);
  PolicyTape tape = policy.MakeTape(1);
  Matrix action(policy.action_size(), 1);
  Rng rng(0);
  policy.ActNormalized(observation, Mode::kExploit, rng, tape, action);
  return action;
}

TEST_CASE("policy copy: what Save gives, renewed without allocation", "[agent]") {
  for (const AlgorithmEntry& algorithm : Algorithms()) {
    for (const bool extended : {false, true}) {
      CAPTURE(algorithm.name, extended);
      Workers workers(1);
      Trainer trainer(SmallTask(algorithm.name, extended), workers);
      PolicyCopy copy(trainer.agent());
      while (trainer.step() < 100) trainer.Step();
      {
        const nabla::test::AllocationCounter counter;
        copy.Renew(trainer.agent(), 100);
        CHECK(counter.count() == 0);
      }
      const SavedPolicy expected = Save(trainer.agent(), 100);
      while (trainer.step() < 120) trainer.Step();  // the copy is independent of the agent
      const SavedPolicy saved = copy.Saved();
      CHECK(saved.step == 100);
      CHECK(saved.exploration_noise.has_value() == expected.exploration_noise.has_value());
      CHECK(ActionsOf(saved.policy) == ActionsOf(expected.policy));
      REQUIRE(saved.networks.size() == 2);
      for (std::size_t i = 0; i < 2; ++i) {
        CHECK(saved.networks[i].name == expected.networks[i].name);
        CHECK(saved.networks[i].network.parameters() == expected.networks[i].network.parameters());
      }
    }
  }
}

}  // namespace
}  // namespace nabla::agent
