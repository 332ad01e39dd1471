// GaussianActor: the sampling and the update of a stochastic policy, as in SAC and TQC. The outputs
// of its network are the mean and log σ of a squashed Gaussian (agent/policy/squashed_gaussian.h).
#pragma once

#include "agent/learning/critics.h"
#include "agent/learning/update_metrics.h"
#include "agent/policy/squashed_gaussian.h"

namespace nabla::agent {

// A network with outputs [2a] for actions [a]. Throws std::invalid_argument unless config.output is
// "auto", because the policy applies tanh to the action.
nn::Network NewGaussianHead(const nn::NetworkConfig& config, Index observation_size,
                            Index action_size, Rng& initialization);

class GaussianActor {
 public:
  // The names of the own metrics that Learn reports.
  inline static const std::vector<std::string> kMetrics = {"temperature", "entropy"};

  // `network` belongs to the policy and must outlive the actor.
  GaussianActor(nn::Network& network, std::unique_ptr<Optimizer> optimizer, Index batch);

  void SetProgress(double progress) { learner_.SetProgress(progress); }

  // a ~ π(·|s) at the observations of the batch. Keeps the data that Learn needs.
  const SquashedGaussian& Sample(Batch& batch, Rng& rng);

  // Assigns a' ~ π(·|s') to the next_action rows of the batch.
  const SquashedGaussian& SampleNext(Batch& batch, Rng& rng);
  // 1/B Σ |log π(a'|s')| of the last SampleNext.
  double NextSurprise() const;

  // One optimiser step to reduce 1/B Σ_b (α log π(a_b|s_b) − Q̄(s_b, a_b)) at the last Sample,
  // through a = tanh(m + σ ∘ ξ) with ξ held fixed. Q̄ is the value of Critics::DescendInAction.
  // Reports the negative loss, α and the entropy −1/B Σ log π.
  void Learn(double alpha, Critics& critics, Batch& batch, UpdateMetrics& metrics);

  void Serialize(const StateArchive& archive) { learner_.Serialize(archive.Group("actor")); }

 private:
  nn::Network* network_;
  Learner learner_;
  nn::Tape next_tape_;
  SquashedGaussian sample_, next_sample_;
  Matrix action_gradient_;  // −1/B ∇_a Q̄(s, a)   [a, B]
  Matrix head_cotangent_;   // [2a, B]
};

}  // namespace nabla::agent
