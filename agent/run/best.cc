#include "agent/run/best.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "agent/run/checkpoint.h"
#include "agent/run/saved_policy.h"

namespace nabla::agent {
namespace {

bool HasBest(const RunPaths& run) {
  const CheckpointStore store(run.checkpoint(), CheckpointStore::Access::kRead);
  return store.Describe().find("best") != std::string::npos;
}

}  // namespace

void ReplayBest(const RunPaths& run, const TaskConfig& config) {
  if (!HasBest(run)) return;
  const SavedPolicy best = LoadPolicy(run, config, "best");
  const EvaluationResult result =
      Evaluate(best.policy, *envs::Make(config.environment), config.evaluation.episodes,
               config.seed, "evaluate");  // the random stream of nabla evaluate
  const nlohmann::json json = {{"step", best.step},
                               {"episodes", config.evaluation.episodes},
                               {"seed", config.seed},
                               {"return_mean", Mean(result.returns)},
                               {"return_std", StandardDeviation(result.returns)}};
  WriteFileAtomically(run.best(), json.dump(1) + "\n");
}

std::optional<BestReplay> ReadBestReplay(const RunPaths& run) {
  std::error_code ignored;
  if (!std::filesystem::exists(run.best(), ignored)) return std::nullopt;
  const std::string name = run.best().filename().string();
  const auto json = nlohmann::json::parse(ReadFile(run.best()), nullptr, false);
  if (!json.is_object()) throw InputError(name + " is cut off or not JSON");
  const BestReplay best{json.at("step"), json.at("episodes"), json.at("return_mean")};
  if (!std::isfinite(best.total_reward)) throw InputError(name + ": the return is not finite");
  return best;
}

}  // namespace nabla::agent
