#include "agent/learning/actor_update.h"

#include <algorithm>

namespace nabla::agent {

void SmoothedTargetAction(Target& actor, double sigma, double clip, Rng& rng, Batch& batch) {
  auto action = batch.next_action();
  action = actor.Evaluate(batch.next_observation());
  if (sigma == 0) return;
  for (Index b = 0; b < action.cols(); ++b) {
    for (Index i = 0; i < action.rows(); ++i) {
      const double noise = std::clamp(sigma * rng.Normal(), -clip, clip);
      action(i, b) = std::clamp<Real>(action(i, b) + static_cast<Real>(noise), -1, 1);
    }
  }
}

const Matrix& TowardsImproved(const ActorUpdateConfig& config, Critics& critics, Batch& batch,
                              const Matrix& gradient, Matrix& proposed, Matrix& cotangent) {
  proposed = batch.action();
  cotangent = gradient;
  const auto size = static_cast<Real>(batch.size());
  const auto rate = static_cast<Real>(config.improvement_rate);
  for (int step = 0; step < config.improvement_steps; ++step) {
    if (step > 0) critics.DescendInAction(batch, cotangent);
    batch.action() = (batch.action() - rate * size * cotangent).cwiseMax(-1).cwiseMin(1);
  }
  cotangent = (proposed - batch.action()) / size;
  batch.action() = proposed;
  return cotangent;
}

}  // namespace nabla::agent
