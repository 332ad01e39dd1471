// The best networks of a run, played anew.
//
// The best checkpoint is the one with the highest mean return of all evaluations of a training.
// That return is what it was chosen by, so it is too good on average: the largest of many noisy
// numbers has luck in it. Therefore the networks are played once more at the end of a unit, on
// episodes that had no say in the choice, and only this return is reported as the best one.
// best.json in the run folder holds it; `nabla evaluate RUN --checkpoint best --seed S --episodes
// N` repeats it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "agent/run/run_folder.h"
#include "agent/training/trainer.h"

namespace nabla::experiment {

struct Best {
  std::int64_t step = 0;  // of the checkpoint
  int episodes = 0;
  double total_reward = 0;  // mean over the episodes
};

// Plays the best checkpoint of the run that `config` was trained in and writes best.json. Nothing
// where there is no best checkpoint: no evaluation was scheduled before the end.
void PlayBest(const agent::RunPaths& run, const agent::TaskConfig& config, agent::Workers& workers);

// What PlayBest has left; nothing if it was never called. Throws std::exception for a damaged file.
std::optional<Best> ReadBest(const agent::RunPaths& run);

}  // namespace nabla::experiment
