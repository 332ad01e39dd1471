// TensorBoard: an observer that writes the curves of a run as TensorBoard's event files. The tags
// are those of Stable-Baselines3, so that dashboards for it can be used.
//
//   rollout/ep_rew_mean, rollout/ep_len_mean   of the last 100 training episodes, every 4 episodes
//   time/episodes, time/fps, time/time_elapsed, time/total_timesteps   every 4 episodes
//   eval/mean_reward, eval/mean_ep_length      every evaluation
//   train/critic_loss, train/actor_loss, ..., train/n_updates          means, every evaluation
//
// Every session of a run has its own file. A run that continues from a checkpoint removes the later
// steps from the previous files. Its own file begins with an event that makes readers discard these
// steps, so that no row appears twice.
#pragma once

#include <memory>

#include "agent/run/run_folder.h"
#include "agent/training/trainer.h"

namespace nabla::tensorboard {

// Throws an InputError that says what to install if the program was built without protobuf.
void RequireSupport();

// `trainer` and monitor.csv are at the beginning of the run or restored from its checkpoint. The
// trainer must outlive the observer. Null without logging.tensorboard. Throws InputError as
// RequireSupport does, and IoError.
std::unique_ptr<agent::Observer> Open(const agent::Trainer& trainer, const agent::RunPaths& run);

}  // namespace nabla::tensorboard
