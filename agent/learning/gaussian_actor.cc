#include "agent/learning/gaussian_actor.h"

#include <stdexcept>

#include "agent/policy/map_output.h"

namespace nabla::agent {
namespace {

nn::Network NewHead(const nn::NetworkConfig& config, Index observation_size, Index action_size,
                    Rng& initialization) {
  if (config.output != "auto") {
    throw std::invalid_argument(
        "agent.actor.output is " + config.output +
        ", but a squashed Gaussian policy has its own; leave it at auto, or use TD3 or DDPG");
  }
  return NewNetwork(config, observation_size, 2 * action_size, "identity", initialization);
}

}  // namespace

GaussianActor::GaussianActor(const nn::NetworkConfig& config, Index observation_size,
                             Index action_size, const OptimizerConfig& optimizer,
                             double learning_rate, Index batch, Rng& initialization)
    : learner_(NewHead(config, observation_size, action_size, initialization), optimizer,
               learning_rate, batch),
      next_tape_(learner_.network.MakeTape(batch)),
      sample_(action_size, batch),
      next_sample_(action_size, batch),
      head_cotangent_(2 * action_size, batch) {}

const SquashedGaussian& GaussianActor::Sample(Batch& batch, Rng& rng) {
  sample_.Sample(learner_.network.Forward(batch.observation(), learner_.tape), rng);
  return sample_;
}

const SquashedGaussian& GaussianActor::SampleNext(Batch& batch, Rng& rng) {
  next_sample_.Sample(learner_.network.Evaluate(batch.next_observation(), next_tape_), rng);
  batch.next_action() = next_sample_.action();
  return next_sample_;
}

double GaussianActor::NextSurprise() const {
  return static_cast<double>(next_sample_.log_probability().cwiseAbs().mean());
}

void GaussianActor::Descend(double alpha, const Matrix& action_gradient) {
  sample_.Backward(alpha, action_gradient, head_cotangent_);
  learner_.Descend(head_cotangent_);
}

void GaussianActor::Act(const ConstMatrixRef& observation, Mode mode, Rng& rng, nn::Tape& tape,
                        MatrixRef action) const {
  const Matrix& head = learner_.network.Evaluate(observation, tape);
  if (mode == Mode::kExplore) {
    DrawAction(head, rng, action);
  } else {
    MeanAction(head, action);
  }
}

nn::Network GaussianActor::MeanPolicy() const {
  const Index a = sample_.action().rows();
  return MapOutput(learner_.network, Matrix::Identity(a, 2 * a), "tanh");
}

void GaussianActor::AddNetworks(const StateArchive& archive) {
  NetworkState(archive, "actor", learner_.network);
}

void GaussianActor::State(const StateArchive& archive) {
  learner_.State(archive.Group("actor.adam", TensorFile::kOptimizer));
}

}  // namespace nabla::agent
