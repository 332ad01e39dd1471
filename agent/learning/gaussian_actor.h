// GaussianActor: the stochastic policy of SAC and TQC, a network whose outputs are the mean and
// log σ of a squashed Gaussian (agent/policy/squashed_gaussian.h), and its gradient step.
#pragma once

#include "agent/algorithms/agent.h"
#include "agent/learning/learner.h"
#include "agent/policy/squashed_gaussian.h"
#include "nn/network/network_config.h"

namespace nabla::agent {

class GaussianActor {
 public:
  // Throws std::invalid_argument unless config.output is "auto": the squashing is the policy's.
  GaussianActor(const nn::NetworkConfig& config, Index observation_size, Index action_size,
                const OptimizerConfig& optimizer, double learning_rate, Index batch,
                Rng& initialization);

  void SetProgress(double progress) { learner_.SetProgress(progress); }

  // a ~ π(·|s) at the batch's observations, with what Descend needs.
  const SquashedGaussian& Sample(Batch& batch, Rng& rng);

  const SquashedGaussian& sample() const { return sample_; }

  // a' ~ π(·|s') into the batch's next_action rows.
  const SquashedGaussian& SampleNext(Batch& batch, Rng& rng);
  // 1/B Σ |log π(a'|s')| of the last one.
  double NextSurprise() const;

  // One step down 1/B Σ_b α log π(a_b|s_b) + G(a) at the last Sample, action_gradient [a, B] =
  // ∂G/∂a.
  void Descend(double alpha, const Matrix& action_gradient);

  // a ~ π, or tanh(m), for observations [o, n].
  void Act(const ConstMatrixRef& observation, Mode mode, Rng& rng, nn::Tape& tape,
           MatrixRef action) const;

  const nn::Network& network() const { return learner_.network; }
  // The deterministic policy o → tanh(m) as a network of its own.
  nn::Network MeanPolicy() const;

  void AddNetworks(const StateArchive& archive);
  void State(const StateArchive& archive);  // the optimiser's

 private:
  Learner learner_;
  nn::Tape next_tape_;
  SquashedGaussian sample_;
  SquashedGaussian next_sample_;
  Matrix head_cotangent_;  // [2a, B]
};

}  // namespace nabla::agent
