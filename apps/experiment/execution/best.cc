#include "apps/experiment/execution/best.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "agent/run/checkpoint.h"
#include "agent/run/recorder.h"

namespace nabla::experiment {
namespace {

namespace fs = std::filesystem;

fs::path PathOf(const agent::RunPaths& run) { return run.root / "best.json"; }

bool HasBest(const agent::RunPaths& run) {
  const agent::CheckpointStore store(run.checkpoint(), agent::CheckpointStore::Access::kRead);
  return store.Describe().find("best") != std::string::npos;
}

}  // namespace

void PlayBest(const agent::RunPaths& run, const agent::TaskConfig& config,
              agent::Workers& workers) {
  if (!HasBest(run)) return;
  agent::TaskConfig small = config;
  small.trainer.buffer_size = 3 * small.trainer.envs;  // nothing is stored here
  agent::Trainer trainer(small, workers);
  const std::int64_t step = agent::LoadPolicy(run, "best", trainer);
  const auto played =
      agent::Evaluate(trainer.agent(), trainer.environment(), config.evaluation.episodes,
                      config.seed, "evaluate");  // the stream of nabla evaluate
  const nlohmann::json json = {{"step", step},
                               {"episodes", config.evaluation.episodes},
                               {"seed", config.seed},
                               {"return_mean", agent::Mean(played.returns)},
                               {"return_std", agent::StandardDeviation(played.returns)}};
  agent::WriteFileAtomically(PathOf(run), json.dump(1) + "\n");
}

std::optional<Best> ReadBest(const agent::RunPaths& run) {
  std::error_code ignored;
  if (!fs::exists(PathOf(run), ignored)) return std::nullopt;
  const std::string name = PathOf(run).filename().string();
  const auto json = nlohmann::json::parse(agent::ReadFile(PathOf(run)), nullptr, false);
  if (!json.is_object()) throw agent::InputError(name + " is cut off or no JSON");
  const Best best{json.at("step"), json.at("episodes"), json.at("return_mean")};
  if (!std::isfinite(best.total_reward)) throw agent::InputError(name + ": not a finite return");
  return best;
}

}  // namespace nabla::experiment
