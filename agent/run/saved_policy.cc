#include "agent/run/saved_policy.h"

#include <memory>
#include <nlohmann/json.hpp>

#include "agent/training/trainer.h"

namespace nabla::agent {
namespace {

// An agent that does not learn: its tapes are for one sample.
struct Holder {
  explicit Holder(const TaskConfig& task)
      : config(task), spec(envs::Make(task.environment)->spec()) {
    SharedConfig(config.agent.algorithm).batch_size = 1;
    agent = MakeAgent(config, spec, workers);
  }

  TaskConfig config;
  envs::Spec spec;
  Workers workers{1};
  std::unique_ptr<Agent> agent;
};

}  // namespace

SavedPolicy LoadPolicy(const RunPaths& run, const TaskConfig& config,
                       const std::string& checkpoint) {
  const Holder holder(config);
  const CheckpointStore store(run.checkpoint(), CheckpointStore::Access::kRead);
  StateLoader loader = store.Open(checkpoint);
  RequireSameTask(loader, config, holder.spec);
  holder.agent->SerializeNetworks(loader.archive());
  return Save(*holder.agent, loader.step());
}

SavedPolicy Save(const Agent& agent, std::int64_t step) {
  SavedPolicy saved{.policy = agent.policy(),
                    .networks = NetworksOf(agent),
                    .exploration_noise = {},
                    .step = step};
  if (const NoiseConfig* noise = agent.exploration_noise()) saved.exploration_noise = *noise;
  return saved;
}

SavedPolicy InitialPolicy(const TaskConfig& config) { return Save(*Holder(config).agent, -1); }

nlohmann::json CheckpointMetadata(const TaskConfig& config, const envs::Spec& spec) {
  return {{"algorithm", AlgorithmName(config.agent.algorithm)},
          {"environment", spec.name},
          {"observation_size", spec.observation_size},
          {"action_size", spec.action_size}};
}

void RequireSameTask(const StateLoader& loader, const TaskConfig& config, const envs::Spec& spec) {
  const nlohmann::json expected = CheckpointMetadata(config, spec);
  for (const auto& [key, value] : expected.items()) {
    const auto& found = loader.metadata();
    if (!found.contains(key) || found.at(key) != value) {
      throw InputError("'" + loader.folder().string() + "' is a checkpoint of another task: its " +
                       key + " is " + (found.contains(key) ? found.at(key).dump() : "missing") +
                       ", config.yaml asks for " + value.dump());
    }
  }
}

}  // namespace nabla::agent
