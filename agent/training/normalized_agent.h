// NormalizedAgent: an agent behind an observation normaliser. Whoever looks from outside sees raw
// observations: Act is o → a with the normalisation in it, Update takes a batch as it was stored,
// Inspect gives networks of the raw observation, and the statistics are saved with the networks.
#pragma once

#include <memory>
#include <vector>

#include "agent/algorithms/agent.h"
#include "agent/policy/observation_normalizer.h"

namespace nabla::agent {

class NormalizedAgent : public Agent {
 public:
  // `normalizer` must outlive the agent; who owns it decides what it observes.
  NormalizedAgent(std::unique_ptr<Agent> agent, ObservationNormalizer& normalizer)
      : agent_(std::move(agent)), normalizer_(normalizer) {}

  ActTape MakeActTape(Index n) const override;
  void Act(const ConstMatrixRef& observation, Mode mode, Rng& rng, ActTape& tape,
           MatrixRef action) const override;
  void Update(Batch& batch, double progress, Rng& rng) override;

  // Each network behind a linear layer, x̂ = scale ∘ (x − m) (and a as it is), so that every
  // derivative in the raw observation follows by the chain rule. The clip at ±10 standard
  // deviations is left out: beyond it the network shown goes on where the agent's is constant.
  std::vector<NamedNetwork> Inspect() const override;

  void Networks(const StateArchive& archive) override;
  void State(const StateArchive& archive) override;

  const NoiseConfig* exploration_noise() const override { return agent_->exploration_noise(); }
  int batch_size() const override { return agent_->batch_size(); }
  double gamma() const override { return agent_->gamma(); }
  double TargetSize() const override { return agent_->TargetSize(); }
  double ValueBound(double reward) const override { return agent_->ValueBound(reward); }
  std::vector<Metric>& metrics() override { return agent_->metrics(); }
  const std::vector<Metric>& metrics() const override {
    return static_cast<const Agent&>(*agent_).metrics();
  }

 private:
  void NormalizerState(const StateArchive& archive);

  std::unique_ptr<Agent> agent_;
  ObservationNormalizer& normalizer_;
};

}  // namespace nabla::agent
