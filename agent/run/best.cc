#include "agent/run/best.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "agent/run/checkpoint.h"
#include "agent/run/recorder.h"

namespace nabla::agent {
namespace {

bool HasBest(const RunPaths& run) {
  const CheckpointStore store(run.checkpoint(), CheckpointStore::Access::kRead);
  return store.Describe().find("best") != std::string::npos;
}

}  // namespace

void ReplayBest(const RunPaths& run, const TaskConfig& config, Workers& workers) {
  if (!HasBest(run)) return;
  TaskConfig small = config;
  small.trainer.buffer_size = 3 * small.trainer.envs;  // stores nothing
  Trainer trainer(small, workers);
  const std::int64_t step = LoadPolicy(run, "best", trainer);
  const EvaluationResult result =
      Evaluate(trainer.agent(), trainer.environment(), config.evaluation.episodes, config.seed,
               "evaluate");  // the random stream of nabla evaluate
  const nlohmann::json json = {{"step", step},
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
