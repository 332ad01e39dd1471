#include "agent/learning/deterministic_actor.h"

#include <algorithm>
#include <utility>

namespace nabla::agent {

DeterministicActor::DeterministicActor(nn::Network& network, std::unique_ptr<Optimizer> optimizer,
                                       Index batch, const ActorUpdateConfig& config)
    : config_(config),
      network_(&network),
      learner_(network, std::move(optimizer), batch),
      target_(network, batch),
      action_gradient_(network.output_size(), batch) {}

void DeterministicActor::TargetAction(double sigma, double clip, Rng& rng, Batch& batch) {
  auto action = batch.next_action();
  action = target_.Evaluate(batch.next_observation());
  if (sigma == 0) return;
  for (Index b = 0; b < action.cols(); ++b) {
    for (Index i = 0; i < action.rows(); ++i) {
      const double noise = std::clamp(sigma * rng.Normal(), -clip, clip);
      action(i, b) = std::clamp<Real>(action(i, b) + static_cast<Real>(noise), -1, 1);
    }
  }
}

void DeterministicActor::Learn(Critics& critics, Batch& batch, UpdateMetrics& metrics) {
  batch.action() = learner_.Forward(batch.observation());
  const double objective = critics.DescendInAction(batch, action_gradient_);
  if (config_.actor_update == ActorUpdate::kPolicyGradient) {
    learner_.Descend(action_gradient_);
  } else {
    Improve(critics, batch);
  }
  metrics.AddActor(objective, action_gradient_, batch.action());
}

void DeterministicActor::Improve(Critics& critics, Batch& batch) {
  proposed_ = batch.action();
  cotangent_ = action_gradient_;
  const auto size = static_cast<Real>(batch.size());
  const auto rate = static_cast<Real>(config_.improvement_rate);
  for (int step = 0; step < config_.improvement_steps; ++step) {
    if (step > 0) critics.DescendInAction(batch, cotangent_);
    batch.action() = (batch.action() - rate * size * cotangent_).cwiseMax(-1).cwiseMin(1);
  }
  cotangent_ = (proposed_ - batch.action()) / size;
  batch.action() = proposed_;
  learner_.Descend(cotangent_);
}

}  // namespace nabla::agent
