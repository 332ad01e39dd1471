#include "agent/algorithms/stochastic_agent.h"

namespace nabla::agent {

StochasticAgent::StochasticAgent(const StochasticConfig& config, const Critics::Options& critics,
                                 Rng& initialization, Workers& workers)
    : ActorCritic(config, critics.action_size, {"temperature", "entropy"}),
      actor_(config.actor, critics.observation_size, critics.action_size, config.optimizer,
             config.actor_learning_rate, config.batch_size, initialization),
      critics_(critics, initialization, workers),
      temperature_(config.temperature, config.optimizer, critics.action_size) {}

ActTape StochasticAgent::MakeActTape(Index n) const {
  return NewActTape(actor_.network(), critics_.network(0), refine_, n);
}

void StochasticAgent::Act(const ConstMatrixRef& observation, Mode mode, Rng& rng, ActTape& tape,
                          MatrixRef action) const {
  actor_.Act(observation, mode, rng, tape.actor, action);
  Refine(refine_, critics_.network(0), observation, mode, tape, action);
}

void StochasticAgent::SetProgress(double progress) {
  actor_.SetProgress(progress);
  critics_.SetProgress(progress);
  temperature_.SetProgress(progress);
}

void StochasticAgent::LearnActor(Batch& batch) {
  const double alpha = temperature_.alpha();
  const SquashedGaussian& sample = actor_.sample();
  batch.action() = sample.action();
  const double value = critics_.DescendInAction(batch, action_gradient_);
  actor_.Descend(alpha, action_gradient_);
  const double entropy = -static_cast<double>(sample.log_probability().mean());
  metrics_.AddActor(updates_, value + alpha * entropy, action_gradient_, sample.action());
  metrics_.AddOwn(kTemperature, alpha);
  metrics_.AddOwn(kEntropy, entropy);
}

// Targets hold α log π(a'|s') beside the reward.
double StochasticAgent::ValueBound(double reward) const {
  return (reward + temperature_.alpha() * actor_.NextSurprise()) / (1 - gamma());
}

std::vector<NamedNetwork> StochasticAgent::Inspect() const {
  return PolicyAndCritics(actor_.MeanPolicy(), critics_);
}

void StochasticAgent::Networks(const StateArchive& archive) {
  actor_.AddNetworks(archive);
  critics_.AddNetworks(archive);
  temperature_.AddNetworks(archive);
}

void StochasticAgent::State(const StateArchive& archive) {
  Networks(archive);
  archive("updates", updates_);
  actor_.State(archive);
  critics_.State(archive);
  temperature_.State(archive);
}

}  // namespace nabla::agent
