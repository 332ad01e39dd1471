#include "agent/algorithms/ddpg.h"

namespace nabla::agent {

Ddpg::Ddpg(const DdpgConfig& config, const AgentContext& context)
    : Agent({config_, policy_, critics_, metrics_}),
      config_(config),
      policy_(NewPolicy(Policy::Kind::kDeterministic, config, context)),
      actor_(policy_.network(),
             context.NewOptimizer(config, config.actor_learning_rate, policy_.network()),
             config.batch_size, config.actor_update),
      critics_(config, {.size = 1}, context),
      metrics_(config.batch_size),
      y_(1, config.batch_size) {}

void Ddpg::Update(Batch& batch, double progress, Rng& rng) {
  actor_.SetProgress(progress);
  critics_.SetProgress(progress);
  NormalizeObservations(policy_, batch);

  // y = r + discount · Q'(s', μ'(s'))
  actor_.TargetAction(0, 0, rng, batch);
  critics_.MinOrMeanTarget(batch, rng, y_);
  Bootstrap(batch, y_);

  // Q: descend 1/B Σ (Q(s, a) − y)²
  const double loss = critics_.RegressTo(y_, 1, batch);
  metrics_.AddCritics(++updates_, loss, y_, batch);

  // μ: ascend 1/B Σ Q(s, μ(s)), by ∇_θ J = 1/B Σ_b ∇_a Q(s_b, a)|_{a = μ(s_b)} J_μ(s_b)
  actor_.Learn(critics_, batch, metrics_);

  // θ' ← (1 − τ) θ' + τ θ for μ' and Q'
  actor_.Follow(config_.polyak_rate);
  critics_.Follow(config_.polyak_rate);
}

void Ddpg::SerializeNetworks(const StateArchive& archive) {
  policy_.Serialize(archive);
  actor_.SerializeTarget(archive);
  critics_.SerializeNetworks(archive);
}

void Ddpg::Serialize(const StateArchive& archive) {
  SerializeNetworks(archive);
  archive.Between("updates", updates_, 0, kMaxCount);
  actor_.SerializeOptimizer(archive);
  critics_.SerializeOptimizers(archive);
}

}  // namespace nabla::agent
