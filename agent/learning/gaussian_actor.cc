#include "agent/learning/gaussian_actor.h"

#include <stdexcept>
#include <utility>

namespace nabla::agent {

nn::Network NewGaussianHead(const nn::NetworkConfig& config, Index observation_size,
                            Index action_size, Rng& initialization) {
  if (config.output != "auto") {
    throw std::invalid_argument(
        "agent.actor.output is " + config.output +
        ", but a squashed Gaussian policy needs auto; remove the key, or use TD3 or DDPG");
  }
  return NewNetwork(config, observation_size, 2 * action_size, "identity", initialization);
}

GaussianActor::GaussianActor(nn::Network& network, std::unique_ptr<Optimizer> optimizer,
                             Index batch)
    : network_(&network),
      learner_(network, std::move(optimizer), batch),
      next_tape_(network.MakeTape(batch)),
      sample_(network.output_size() / 2, batch),
      next_sample_(network.output_size() / 2, batch),
      action_gradient_(network.output_size() / 2, batch),
      head_cotangent_(network.output_size(), batch) {}

const SquashedGaussian& GaussianActor::Sample(Batch& batch, Rng& rng) {
  sample_.Sample(learner_.Forward(batch.observation()), rng);
  return sample_;
}

const SquashedGaussian& GaussianActor::SampleNext(Batch& batch, Rng& rng) {
  next_sample_.Sample(network_->Evaluate(batch.next_observation(), next_tape_), rng);
  batch.next_action() = next_sample_.action();
  return next_sample_;
}

double GaussianActor::NextSurprise() const {
  return static_cast<double>(next_sample_.log_probability().cwiseAbs().mean());
}

void GaussianActor::Learn(double alpha, Critics& critics, Batch& batch, UpdateMetrics& metrics) {
  batch.action() = sample_.action();
  const double value = critics.DescendInAction(batch, action_gradient_);
  sample_.Backward(alpha, action_gradient_, head_cotangent_);
  learner_.Descend(head_cotangent_);
  const double entropy = -static_cast<double>(sample_.log_probability().mean());
  metrics.AddActor(value + alpha * entropy, action_gradient_, sample_.action());
  metrics.AddOwn(0, alpha);
  metrics.AddOwn(1, entropy);
}

}  // namespace nabla::agent
