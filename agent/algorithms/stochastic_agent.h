// StochasticAgent: what SAC and TQC share: a squashed Gaussian policy that keeps some entropy, at a
// temperature α, and its step.
#pragma once

#include "agent/algorithms/actor_critic.h"
#include "agent/learning/gaussian_actor.h"
#include "agent/learning/temperature.h"
#include "agent/learning/workers.h"

namespace nabla::agent {

struct StochasticConfig : ActorCriticConfig {
  TemperatureConfig temperature;

  template <class Archive>
  void VisitStochastic(Archive& ar, const char* about_critic) {
    VisitCommon(ar, "Policy network: mean and log sigma before the squashing by tanh",
                about_critic);
    ar("temperature", temperature, "Weight alpha of the policy's entropy");
  }
};

class StochasticAgent : public ActorCritic {
 public:
  ActTape MakeActTape(Index n) const override;
  void Act(const ConstMatrixRef& observation, Mode mode, Rng& rng, ActTape& tape,
           MatrixRef action) const override;
  const NoiseConfig* exploration_noise() const override { return nullptr; }
  double ValueBound(double reward) const override;
  std::vector<NamedNetwork> Inspect() const override;
  void Networks(const StateArchive& archive) override;
  void State(const StateArchive& archive) override;

 protected:
  StochasticAgent(const StochasticConfig& config, const Critics::Options& critics,
                  Rng& initialization, Workers& workers);

  void SetProgress(double progress);
  // Descends 1/B Σ (α log π(a|s) − Q̄(s, a)) at the actor's last sample.
  void LearnActor(Batch& batch);

  GaussianActor actor_;
  Critics critics_;
  Temperature temperature_;

 private:
  enum { kTemperature, kEntropy };
};

}  // namespace nabla::agent
