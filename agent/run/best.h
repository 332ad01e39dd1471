// The replay of the best checkpoint of a run, stored in best.json.
//
// The best checkpoint is the one with the highest mean return of all evaluations during training.
// Since that return selected it, the return is biased upwards: the maximum of many noisy estimates.
// The replay evaluates the checkpoint again, on episodes that did not select it, and gives an
// unbiased estimate. `nabla evaluate RUN --checkpoint best --seed S --episodes N` repeats it.
#pragma once

#include <cstdint>
#include <optional>

#include "agent/run/run_folder.h"
#include "agent/training/task.h"

namespace nabla::agent {

struct BestReplay {
  std::int64_t step = 0;  // of the checkpoint
  int episodes = 0;
  double total_reward = 0;  // mean over the episodes
};

// Evaluates the best checkpoint of a run with `config` and writes best.json. Does nothing if there
// is no best checkpoint, because no evaluation was scheduled before the end.
void ReplayBest(const RunPaths& run, const TaskConfig& config);

// Reads best.json; nothing if there is none. Throws std::exception if it is damaged.
std::optional<BestReplay> ReadBestReplay(const RunPaths& run);

}  // namespace nabla::agent
