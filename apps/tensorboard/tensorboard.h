// TensorBoard: an observer that writes a run's curves as TensorBoard's event files, with the tags
// of Stable-Baselines3, so that dashboards made for it fit.
//
//   rollout/ep_rew_mean, rollout/ep_len_mean   of the last 100 training episodes, every 4 episodes
//   time/episodes, time/fps, time/time_elapsed, time/total_timesteps                   with those
//   eval/mean_reward, eval/mean_ep_length      an evaluation
//   train/critic_loss, train/actor_loss, ..., train/n_updates                          with those;
//                                              means since the evaluation before
//
// Every session of a run has a file of its own. A run that goes on from a checkpoint cuts what the
// files before have from later steps, and begins its own with an event that tells readers which
// have it loaded already to forget it: no row is there twice.
#pragma once

#include <memory>

#include "agent/run/run_folder.h"
#include "agent/training/trainer.h"

namespace nabla::tensorboard {

// Throws agent::InputError that says what to install if the program was built without protobuf.
void RequireSupport();

// `trainer` is at the beginning of the run or restored from its checkpoint, and so is monitor.csv;
// both must outlive the observer. Throws InputError as RequireSupport, and IoError.
std::unique_ptr<agent::Observer> Open(const agent::Trainer& trainer, const agent::RunPaths& run);

}  // namespace nabla::tensorboard
