#include "agent/learning/deterministic_actor.h"

#include <algorithm>

namespace nabla::agent {

void SmoothedTargetAction(Target& actor, double sigma, double clip, Rng& rng, Batch& batch) {
  auto action = batch.next_action();
  action = actor.network.Evaluate(batch.next_observation(), actor.tape);
  if (sigma == 0) return;
  for (Index b = 0; b < action.cols(); ++b) {
    for (Index i = 0; i < action.rows(); ++i) {
      const double noise = std::clamp(sigma * rng.Normal(), -clip, clip);
      action(i, b) = std::clamp<Real>(action(i, b) + static_cast<Real>(noise), -1, 1);
    }
  }
}

double AscendCritics(Learner& actor, Critics& critics, Batch& batch, Matrix& action_gradient) {
  batch.action() = actor.network.Forward(batch.observation(), actor.tape);
  const double objective = critics.DescendInAction(batch, action_gradient);
  actor.Descend(action_gradient);
  return objective;
}

double RegressToImproved(int steps, double rate, Learner& actor, Critics& critics, Batch& batch,
                         Matrix& action_gradient, Matrix& scratch) {
  const Matrix& proposed = actor.network.Forward(batch.observation(), actor.tape);
  batch.action() = proposed;
  const auto size = static_cast<Real>(batch.size());
  const auto climb = [&](const Matrix& gradient) {  // gradient = −1/B ∇_a Q
    batch.action() =
        (batch.action() - static_cast<Real>(rate) * size * gradient).cwiseMax(-1).cwiseMin(1);
  };
  const double objective = critics.DescendInAction(batch, action_gradient);
  climb(action_gradient);
  for (int step = 1; step < steps; ++step) {
    critics.DescendInAction(batch, scratch);
    climb(scratch);
  }
  scratch = (proposed - batch.action()) / size;
  batch.action() = proposed;
  actor.Descend(scratch);
  return objective;
}

double ImproveActor(const ActorUpdateConfig& config, Learner& actor, Critics& critics, Batch& batch,
                    Matrix& action_gradient, Matrix& scratch) {
  if (config.actor_update == "policy_gradient") {
    return AscendCritics(actor, critics, batch, action_gradient);
  }
  return RegressToImproved(config.improvement_steps, config.improvement_rate, actor, critics, batch,
                           action_gradient, scratch);
}

}  // namespace nabla::agent
