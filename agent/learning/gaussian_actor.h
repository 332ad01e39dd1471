// GaussianActor: the sampling and the update of a stochastic policy. The outputs of its network are
// the mean and log σ of a squashed Gaussian (agent/policy/squashed_gaussian.h).
#pragma once

#include <string>

#include "agent/learning/learner.h"
#include "agent/policy/squashed_gaussian.h"
#include "agent/replay/batch.h"

namespace nabla::agent {

// A network with outputs [2a] for actions [a]. Throws std::invalid_argument unless config.output is
// "auto", because the policy applies tanh to the action.
nn::Network NewGaussianHead(const nn::NetworkConfig& config, Index observation_size,
                            Index action_size, Rng& initialization);

class GaussianActor {
 public:
  // `network` belongs to the policy and must outlive the actor.
  GaussianActor(nn::Network& network, std::unique_ptr<Optimizer> optimizer, Index batch);

  void SetProgress(double progress) { learner_.SetProgress(progress); }

  // a ~ π(·|s) at the observations of the batch. Keeps the data that Descend needs.
  const SquashedGaussian& Sample(Batch& batch, Rng& rng);
  const SquashedGaussian& sample() const { return sample_; }  // the last one

  // Assigns a' ~ π(·|s') to the next_action rows of the batch.
  const SquashedGaussian& SampleNext(Batch& batch, Rng& rng);
  // 1/B Σ |log π(a'|s')| of the last SampleNext.
  double NextSurprise() const;

  // One optimiser step to reduce 1/B Σ_b α log π(a_b|s_b) + G(a) at the last Sample, for
  // action_gradient [a, B] = ∂G/∂a.
  void Descend(double alpha, const Matrix& action_gradient);

  void Serialize(const StateArchive& archive) { learner_.Serialize(archive); }

 private:
  nn::Network* network_;
  Learner learner_;
  nn::Tape next_tape_;
  SquashedGaussian sample_;
  SquashedGaussian next_sample_;
  Matrix head_cotangent_;  // [2a, B]
};

}  // namespace nabla::agent
