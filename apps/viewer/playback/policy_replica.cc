#include "apps/viewer/playback/policy_replica.h"

namespace nabla::viewer {

PolicyReplica::PolicyReplica(const agent::TaskConfig& config)
    : saved_(std::make_shared<const agent::SavedPolicy>(agent::InitialPolicy(config))),
      gamma_(agent::SharedConfig(config.agent.algorithm).gamma),
      tape_(policy().MakeTape(1)),
      observation_(policy().observation_size(), 1),
      action_(policy().action_size(), 1) {
  if (exploration_noise()) noise_.emplace(*exploration_noise(), action_.rows(), 1);
}

const agent::Vector& PolicyReplica::Act(const envs::Vector& observation, agent::Mode mode,
                                        Rng& rng) {
  observation_.col(0) = observation.cast<agent::Real>();
  policy().ActNormalized(observation_, mode, rng, tape_, action_);
  if (mode == agent::Mode::kExplore && noise_) noise_->AddTo(rng, action_);
  result_ = action_.col(0);
  return result_;
}

void PolicyReplica::EndEpisode() {
  if (noise_) noise_->Reset(0);
}

}  // namespace nabla::viewer
