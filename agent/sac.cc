#include "agent/sac.h"

namespace nabla::agent {

Sac::Sac(const SacConfig& config, Index observation_size, Index action_size, Rng& initialization,
         Workers& workers)
    : config_(config),
      actor_(config.actor, observation_size, action_size, config.optimizer,
             config.actor_learning_rate, config.batch_size, initialization),
      critics_({.network = config.critic,
                .observation_size = observation_size,
                .action_size = action_size,
                .batch = config.batch_size,
                .optimizer = config.optimizer,
                .learning_rate = config.critic_learning_rate,
                .ensemble = config.ensemble},
               initialization, workers),
      temperature_(config.temperature, config.optimizer, action_size),
      y_(1, config.batch_size),
      action_gradient_(action_size, config.batch_size),
      metrics_(config.batch_size, {"temperature", "entropy"}) {}

ActTape Sac::MakeActTape(Index n) const {
  return NewActTape(actor_.network(), critics_.network(0), config_.refine, n);
}

void Sac::Act(const ConstMatrixRef& observation, Mode mode, Rng& rng, ActTape& tape,
              MatrixRef action) const {
  actor_.Act(observation, mode, rng, tape.actor, action);
  Refine(config_.refine, critics_.network(0), observation, mode, tape, action);
}

void Sac::Update(Batch& batch, double progress, Rng& rng) {
  actor_.SetProgress(progress);
  critics_.SetProgress(progress);
  temperature_.SetProgress(progress);
  const bool actor_learns = ++updates_ % config_.policy_delay == 0;
  if (actor_learns) temperature_.Learn(actor_.Sample(batch, rng).log_probability());
  SoftTarget(batch, rng);
  const double loss = critics_.RegressTo(y_, 0.5, batch);
  metrics_.AddCritics(updates_, loss, y_, batch);
  if (actor_learns) ImproveActor(batch);
  critics_.Follow(config_.polyak_rate);
}

// y = r + discount · (min_i Q_i'(s', a') − α log π(a'|s'))        (Haarnoja et al. 2018b, eq. 3)
void Sac::SoftTarget(Batch& batch, Rng& rng) {
  const SquashedGaussian& next = actor_.SampleNext(batch, rng);
  critics_.EvaluateTargets(batch, rng);
  critics_.ReduceTargets(y_);
  y_ -= static_cast<Real>(temperature_.alpha()) * next.log_probability();
  Bootstrap(batch, y_);
}

// Descends 1/B Σ (α log π(a|s) − min_i Q_i(s, a))                       (eq. 9)
void Sac::ImproveActor(Batch& batch) {
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

double Sac::ValueBound(double reward) const {
  return (reward + temperature_.alpha() * actor_.NextSurprise()) / (1 - config_.gamma);
}

std::vector<NamedNetwork> Sac::Inspect() const {
  std::vector<NamedNetwork> networks = {{"actor", actor_.MeanPolicy()}};
  for (std::size_t i = 0; i < critics_.size(); ++i) {
    networks.push_back({"critics." + std::to_string(i), critics_.network(i)});
  }
  return networks;
}

void Sac::Networks(const StateArchive& archive) {
  actor_.AddNetworks(archive);
  critics_.AddNetworks(archive);
  temperature_.AddNetworks(archive);
}

void Sac::State(const StateArchive& archive) {
  Networks(archive);
  archive("updates", updates_);
  actor_.State(archive);
  critics_.State(archive);
  temperature_.State(archive);
}

}  // namespace nabla::agent
