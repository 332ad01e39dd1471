#include "agent/run/saved_policy.h"

#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "agent/policy/networks.h"
#include "agent/state/state_json.h"
#include "agent/training/non_finite.h"
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
  const auto networks = [&](const StateArchive& archive) {
    holder.agent->SerializeNetworks(archive);
  };
  networks(loader.archive());
  RequireFinite(loader, networks);
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

PolicyCopy::PolicyCopy(const Agent& agent)
    : policy_(agent.policy()), critic_(agent.critics().network(0)) {
  if (const NoiseConfig* noise = agent.exploration_noise()) exploration_noise_ = *noise;
}

void PolicyCopy::Renew(const Agent& agent, std::int64_t step) {
  policy_.CopyState(agent.policy());
  critic_.parameters() = agent.critics().network(0).parameters();
  step_ = step;
}

SavedPolicy PolicyCopy::Saved() const {
  SavedPolicy saved{.policy = policy_,
                    .networks = {{"actor", policy_.AsNetwork()},
                                 {"critics.0", policy_.BehindNormalizer(MeanOutput(critic_))}},
                    .exploration_noise = exploration_noise_,
                    .step = step_};
  saved.policy.ClimbOn(std::make_shared<const nn::Network>(critic_));
  return saved;
}

SavedPolicy InitialPolicy(const TaskConfig& config) { return Save(*Holder(config).agent, -1); }

bool ReplayBest(const RunPaths& run, const TaskConfig& config, const std::atomic<bool>& stop) {
  const CheckpointStore store(run.checkpoint(), CheckpointStore::Access::kRead);
  if (!store.Has("best")) return true;
  const SavedPolicy best = LoadPolicy(run, config, "best");
  const auto result = EvaluateUnlessStopped(best.policy, *envs::Make(config.environment),
                                            config.evaluation.episodes, config.seed, "evaluate",
                                            stop);  // the random stream of nabla evaluate
  if (!result) return false;
  const nlohmann::json json = {{"step", best.step},
                               {"episodes", config.evaluation.episodes},
                               {"seed", config.seed},
                               {"return_mean", Mean(result->returns)},
                               {"return_std", StandardDeviation(result->returns)}};
  WriteFileAtomically(run.best(), JsonText(json, 1) + "\n");
  return true;
}

std::optional<BestReplay> ReadBestReplay(const RunPaths& run) {
  std::error_code ignored;
  if (!std::filesystem::exists(run.best(), ignored)) return std::nullopt;
  const nlohmann::json json = ReadJson(run.best());
  const auto number = [&](const char* key, double least, double most) {
    const nlohmann::json value = json.is_object() ? json.value(key, nlohmann::json()) : nullptr;
    if (value.is_number() && value.get<double>() >= least && value.get<double>() <= most) {
      return value.get<double>();
    }
    throw InputError(run.best().string() + " is damaged: " + key + " is not a number in range");
  };
  constexpr double kMaxDouble = std::numeric_limits<double>::max();
  return BestReplay{static_cast<std::int64_t>(number("step", 0, kMaxCount)),
                    static_cast<int>(number("episodes", 1, std::numeric_limits<int>::max())),
                    number("return_mean", -kMaxDouble, kMaxDouble)};
}

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
                       key + " is " + (found.contains(key) ? JsonText(found.at(key)) : "missing") +
                       ", config.yaml asks for " + JsonText(value));
    }
  }
}

void RequireFinite(const StateLoader& loader,
                   const std::function<void(const StateArchive&)>& state) {
  const std::string tensor = FirstNonFinite(state);
  if (tensor.empty()) return;
  throw InputError("'" + loader.folder().string() + "' is damaged: " + tensor +
                   " has values that are not finite");
}

}  // namespace nabla::agent
