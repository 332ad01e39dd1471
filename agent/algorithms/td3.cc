#include "agent/algorithms/td3.h"

namespace nabla::agent {

Td3::Td3(const Td3Config& config, const AgentContext& context)
    : Agent({config_, policy_, critics_, metrics_}),
      config_(config),
      policy_(NewPolicy(Policy::Kind::kDeterministic, config, context)),
      actor_(policy_.network(),
             context.NewOptimizer(config, config.actor_learning_rate, policy_.network()),
             config.batch_size, config.actor_update),
      critics_(config, config.ensemble, context),
      metrics_(config.batch_size),
      y_(1, config.batch_size) {}

void Td3::Update(Batch& batch, double progress, Rng& rng) {
  actor_.SetProgress(progress);
  critics_.SetProgress(progress);
  NormalizeObservations(policy_, batch);

  // a' = clip(μ'(s') + clip(ε, ±c), ±1),  ε ~ N(0, σ²)
  actor_.TargetAction(config_.target_noise, config_.target_noise_clip, rng, batch);

  // y = r + discount · min_i Q_i'(s', a')        (the mean instead if ensemble.target says so)
  critics_.MinOrMeanTarget(batch, rng, y_);
  Bootstrap(batch, y_);

  // Q_i: descend 1/B Σ (Q_i(s, a) − y)²
  const double loss = critics_.RegressTo(y_, 1, batch);
  metrics_.AddCritics(++updates_, loss, y_, batch);
  if (updates_ % config_.policy_delay != 0) return;

  // μ: ascend 1/B Σ Q_1(s, μ(s)), by ∇_θ J = 1/B Σ_b ∇_a Q_1(s_b, a)|_{a = μ(s_b)} J_μ(s_b)
  actor_.Learn(critics_, batch, metrics_);

  // θ' ← (1 − τ) θ' + τ θ for μ' and all Q_i'
  actor_.Follow(config_.polyak_rate);
  critics_.Follow(config_.polyak_rate);
}

void Td3::SerializeNetworks(const StateArchive& archive) {
  policy_.Serialize(archive);
  actor_.SerializeTarget(archive);
  critics_.SerializeNetworks(archive);
}

void Td3::Serialize(const StateArchive& archive) {
  SerializeNetworks(archive);
  archive.Between("updates", updates_, 0, kMaxCount);
  actor_.SerializeOptimizer(archive);
  critics_.SerializeOptimizers(archive);
}

}  // namespace nabla::agent
