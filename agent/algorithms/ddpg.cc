#include "agent/algorithms/ddpg.h"

namespace nabla::agent {

Ddpg::Ddpg(const DdpgConfig& config, Index observation_size, Index action_size, Rng& initialization,
           Workers& workers)
    : DeterministicAgent(config, config.CriticOptions(observation_size, action_size, {.size = 1}),
                         initialization, workers) {}

void Ddpg::Update(Batch& batch, double progress, Rng& rng) {
  SetProgress(progress);
  SmoothedTargetAction(actor_target_, 0, 0, rng, batch);
  LearnCritics(batch, rng);
  LearnActor(batch);
}

}  // namespace nabla::agent
