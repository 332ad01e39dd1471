#include "agent/algorithms/sac.h"

namespace nabla::agent {

Sac::Sac(const SacConfig& config, const AgentContext& context)
    : Agent({config_, policy_, critics_, metrics_}),
      config_(config),
      policy_(NewPolicy(Policy::Kind::kSquashedGaussian, config, context)),
      actor_(policy_.network(),
             context.NewOptimizer(config, config.actor_learning_rate, policy_.network()),
             config.batch_size),
      critics_(config, config.ensemble, context),
      temperature_(config.temperature, config.optimizer, context.action_size()),
      metrics_(config.batch_size, GaussianActor::kMetrics),
      y_(1, config.batch_size) {}

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
  critics_.MinOrMeanTarget(batch, rng, y_);
  y_ -= static_cast<Real>(temperature_.alpha()) * next.log_probability();
  Bootstrap(batch, y_);

  // Q_i: descend ½ · 1/B Σ (Q_i(s, a) − y)²
  const double loss = critics_.RegressTo(y_, 0.5, batch);
  metrics_.AddCritics(updates_, loss, y_, batch);

  // π: descend 1/B Σ (α log π(a|s) − min_i Q_i(s, a))                                   (eq. 7)
  if (actor_learns) actor_.Learn(temperature_.alpha(), critics_, batch, metrics_);

  // Q_i' ← (1 − τ) Q_i' + τ Q_i
  critics_.Follow(config_.polyak_rate);
}

void Sac::SerializeNetworks(const StateArchive& archive) {
  policy_.Serialize(archive);
  critics_.SerializeNetworks(archive);
  temperature_.SerializeNetworks(archive);
}

void Sac::Serialize(const StateArchive& archive) {
  SerializeNetworks(archive);
  archive.Between("updates", updates_, 0, kMaxCount);
  actor_.Serialize(archive);
  critics_.SerializeOptimizers(archive);
  temperature_.SerializeOptimizer(archive);
}

}  // namespace nabla::agent
