// SavedPolicy: what a run has learned, read from one of its checkpoints without a trainer or a
// replay buffer.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "agent/run/checkpoint.h"
#include "agent/run/run_folder.h"
#include "agent/training/task.h"

namespace nabla::agent {

struct SavedPolicy {
  Policy policy;
  std::vector<NamedNetwork> networks;            // NetworksOf its agent
  std::optional<NoiseConfig> exploration_noise;  // none for a policy that draws its actions
  std::int64_t step = -1;                        // of the training; −1: as initialised
};

// The networks of `checkpoint`, "latest", "best" or a step, of a run with the config. Throws
// InputError if there is none, or if it belongs to another algorithm, environment or network size.
SavedPolicy LoadPolicy(const RunPaths& run, const TaskConfig& config,
                       const std::string& checkpoint);

// What an agent has learned by now.
SavedPolicy Save(const Agent& agent, std::int64_t step);

// A copy of an agent's policy and first critic that is cheap to renew, to watch a training.
class PolicyCopy {
 public:
  explicit PolicyCopy(const Agent& agent);

  // Copies the parameters of the same agent at `step`. Does not allocate.
  void Renew(const Agent& agent, std::int64_t step);

  // Save(agent, step) at the last Renew, with the first critic only.
  SavedPolicy Saved() const;

 private:
  Policy policy_;
  nn::Network critic_;
  std::optional<NoiseConfig> exploration_noise_;
  std::int64_t step_ = -1;
};

// The networks of a task before it has learned.
SavedPolicy InitialPolicy(const TaskConfig& config);

// The best checkpoint of a run is the one with the highest mean return of all evaluations during
// training. Since that return selected it, the return is biased upwards: the maximum of many noisy
// estimates. The replay evaluates the checkpoint again, on episodes that did not select it, and
// gives an unbiased estimate. `nabla evaluate RUN --checkpoint best --seed S --episodes N` repeats
// it. It is stored in best.json.
struct BestReplay {
  std::int64_t step = 0;  // of the checkpoint
  int episodes = 0;
  double total_reward = 0;  // mean over the episodes
};

// Evaluates the best checkpoint of a run with `config` and writes best.json. Does nothing if there
// is no best checkpoint, because no evaluation was scheduled before the end. False if `stop` was
// set before the end.
bool ReplayBest(const RunPaths& run, const TaskConfig& config, const std::atomic<bool>& stop);

// Reads best.json; nothing if there is none. Throws std::exception if it is damaged.
std::optional<BestReplay> ReadBestReplay(const RunPaths& run);

// What a checkpoint says about its task; and InputError unless a checkpoint says the same.
nlohmann::json CheckpointMetadata(const TaskConfig& config, const envs::Spec& spec);
void RequireSameTask(const StateLoader& loader, const TaskConfig& config, const envs::Spec& spec);

// Throws InputError if a tensor of `state`, which was restored from the checkpoint, is not finite.
// No checkpoint is written in this state.
void RequireFinite(const StateLoader& loader,
                   const std::function<void(const StateArchive&)>& state);

}  // namespace nabla::agent
