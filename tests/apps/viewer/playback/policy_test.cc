// A policy replica acts as the training's own agent, for every algorithm, raw and normalised.
#include "apps/viewer/playback/policy_replica.h"

#include "agent/algorithms/algorithms.h"
#include "agent/training/trainer.h"
#include "tests/apps/viewer/playback/runs.h"
#include "tests/support/catch.h"

namespace nabla::viewer {
namespace {

agent::TaskConfig SmallTaskOf(const std::string& algorithm, bool normalized) {
  agent::TaskConfig config = test::SmallTask();
  config.agent.algorithm = agent::DefaultConfig(algorithm);
  std::visit(
      [](auto& agent) {
        agent.actor.hidden = agent.critic.hidden = {16, 16};
        agent.batch_size = 16;
      },
      config.agent.algorithm);
  config.trainer.steps = 100;
  config.trainer.normalize_observations = normalized;
  return config;
}

TEST_CASE("policy: a replica acts as the training's agent, for every algorithm") {
  for (const agent::AlgorithmEntry& algorithm : agent::Algorithms()) {
    for (const bool normalized : {false, true}) {
      CAPTURE(algorithm.name, normalized);
      const agent::TaskConfig config = SmallTaskOf(algorithm.name, normalized);
      agent::Workers workers(1);
      agent::Trainer trainer(config, workers);
      while (trainer.step() < config.trainer.steps) trainer.Step();
      PolicyReplica policy(config);
      policy.Load(std::make_shared<const agent::SavedPolicy>(agent::Save(trainer.agent(), 100)));
      CHECK(policy.step() == 100);

      const envs::Vector observation = envs::Vector::LinSpaced(3, -0.7, 0.9);
      Rng rng(0, "act");
      const agent::Policy& theirs_acting = trainer.agent().policy();
      agent::PolicyTape tape = theirs_acting.MakeTape(1);
      agent::Matrix action(1, 1);
      theirs_acting.ActNormalized(observation.cast<agent::Real>(), agent::Mode::kExploit, rng, tape,
                                  action);
      CHECK(policy.Act(observation, agent::Mode::kExploit, rng)[0] == action(0));

      const auto theirs = agent::NetworksOf(trainer.agent());
      REQUIRE(policy.networks().size() == theirs.size());
      for (std::size_t i = 0; i < theirs.size(); ++i) {
        CHECK(policy.networks()[i].network.parameters() == theirs[i].network.parameters());
      }
    }
  }
}

}  // namespace
}  // namespace nabla::viewer
