#include "agent/algorithms/td3.h"

namespace nabla::agent {

Td3::Td3(const Td3Config& config, Index observation_size, Index action_size, Rng& initialization,
         Workers& workers)
    : DeterministicAgent(config,
                         config.CriticOptions(observation_size, action_size, config.ensemble),
                         initialization, workers),
      policy_delay_(config.policy_delay),
      target_noise_(config.target_noise),
      target_noise_clip_(config.target_noise_clip) {}

void Td3::Update(Batch& batch, double progress, Rng& rng) {
  SetProgress(progress);
  SmoothedTargetAction(actor_target_, target_noise_, target_noise_clip_, rng, batch);
  LearnCritics(batch, rng);
  if (updates_ % policy_delay_ == 0) LearnActor(batch);
}

}  // namespace nabla::agent
