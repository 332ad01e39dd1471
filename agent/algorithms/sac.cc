#include "agent/algorithms/sac.h"

namespace nabla::agent {

Sac::Sac(const SacConfig& config, const AgentContext& context)
    : config_(config),
      policy_(Policy::Kind::kSquashedGaussian,
              NewGaussianHead(config.actor, context.observation_size, context.action_size(),
                              context.initialization),
              context.bounds, context.NewNormalizer(), config.refine),
      actor_(policy_.network(),
             context.NewOptimizer(config.optimizer, config.actor_learning_rate, policy_.network()),
             config.batch_size),
      critics_(context.NewCritics(config, config.ensemble)),
      temperature_(config.temperature, config.optimizer, context.action_size()),
      metrics_(config.batch_size, {"temperature", "entropy"}),
      y_(1, config.batch_size),
      action_gradient_(context.action_size(), config.batch_size) {
  policy_.ClimbOn(critics_.shared_network(0));
}

void Sac::Update(Batch& batch, double progress, Rng& rng) {
  actor_.SetProgress(progress);
  critics_.SetProgress(progress);
  temperature_.SetProgress(progress);
  NormalizeObservations(policy_, batch);
  const bool actor_learns = ++updates_ % config_.policy_delay == 0;

  // log α: descend −log α · 1/B Σ (log π(a|s) + H̄),  a ~ π(·|s)                        (eq. 18)
  if (actor_learns) temperature_.Learn(actor_.Sample(batch, rng).log_probability());

  // y = r + discount · (min_i Q_i'(s', a') − α log π(a'|s')),  a' ~ π(·|s')             (eq. 3)
  const SquashedGaussian& next = actor_.SampleNext(batch, rng);
  critics_.EvaluateTargets(batch, rng);
  critics_.ReduceTargets(y_);
  y_ -= static_cast<Real>(temperature_.alpha()) * next.log_probability();
  Bootstrap(batch, y_);

  // Q_i: descend ½ · 1/B Σ (Q_i(s, a) − y)²
  const double loss = critics_.RegressTo(y_, 0.5, batch);
  metrics_.AddCritics(updates_, loss, y_, batch);

  // π: descend 1/B Σ (α log π(a|s) − min_i Q_i(s, a))                                   (eq. 7)
  if (actor_learns) DescendActor(batch);

  // Q_i' ← (1 − τ) Q_i' + τ Q_i
  critics_.Follow(config_.polyak_rate);
}

// Differentiates at the actor's last sample, through a = tanh(m + σ ∘ ξ) with ξ held fixed.
void Sac::DescendActor(Batch& batch) {
  const SquashedGaussian& sample = actor_.sample();
  const double alpha = temperature_.alpha();
  batch.action() = sample.action();
  const double value = critics_.DescendInAction(batch, action_gradient_);
  actor_.Descend(alpha, action_gradient_);
  const double entropy = -static_cast<double>(sample.log_probability().mean());
  metrics_.AddActor(updates_, value + alpha * entropy, action_gradient_, sample.action());
  metrics_.AddOwn(kTemperature, alpha);
  metrics_.AddOwn(kEntropy, entropy);
}

// The targets contain the term −α log π(a'|s') besides the reward.
double Sac::ValueBound(double reward) const {
  return (reward + temperature_.alpha() * actor_.NextSurprise()) / (1 - config_.gamma);
}

void Sac::SerializeNetworks(const StateArchive& archive) {
  policy_.Serialize(archive);
  critics_.SerializeNetworks(archive);
  temperature_.SerializeNetworks(archive);
}

void Sac::Serialize(const StateArchive& archive) {
  SerializeNetworks(archive);
  archive("updates", updates_);
  actor_.Serialize(archive.Group("actor"));
  critics_.SerializeOptimizers(archive);
  temperature_.SerializeOptimizer(archive);
}

}  // namespace nabla::agent
