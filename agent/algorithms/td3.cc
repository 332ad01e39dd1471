#include "agent/algorithms/td3.h"

namespace nabla::agent {

Td3::Td3(const Td3Config& config, const AgentContext& context)
    : config_(config),
      policy_(Policy::Kind::kDeterministic,
              NewNetwork(config.actor, context.observation_size, context.action_size(), "tanh",
                         context.initialization),
              context.bounds, context.NewNormalizer(), config.refine),
      actor_(policy_.network(),
             context.NewOptimizer(config.optimizer, config.actor_learning_rate, policy_.network()),
             config.batch_size),
      actor_target_(policy_.network(), config.batch_size),
      critics_(context.NewCritics(config, config.ensemble)),
      metrics_(config.batch_size),
      y_(1, config.batch_size),
      action_gradient_(context.action_size(), config.batch_size) {
  policy_.ClimbOn(critics_.shared_network(0));
}

void Td3::Update(Batch& batch, double progress, Rng& rng) {
  actor_.SetProgress(progress);
  critics_.SetProgress(progress);
  NormalizeObservations(policy_, batch);

  // a' = clip(μ'(s') + clip(ε, ±c), ±1),  ε ~ N(0, σ²)
  SmoothedTargetAction(actor_target_, config_.target_noise, config_.target_noise_clip, rng, batch);

  // y = r + discount · min_i Q_i'(s', a')
  critics_.EvaluateTargets(batch, rng);
  critics_.ReduceTargets(y_);
  Bootstrap(batch, y_);

  // Q_i: descend 1/B Σ (Q_i(s, a) − y)²
  const double loss = critics_.RegressTo(y_, 1, batch);
  metrics_.AddCritics(++updates_, loss, y_, batch);
  if (updates_ % config_.policy_delay != 0) return;

  // μ: ascend 1/B Σ Q_1(s, μ(s)), by ∇_θ J = 1/B Σ_b ∇_a Q_1(s_b, a)|_{a = μ(s_b)} J_μ(s_b)
  batch.action() = actor_.Forward(batch.observation());
  const double objective = critics_.DescendInAction(batch, action_gradient_);
  if (config_.actor_update.actor_update == ActorUpdate::kPolicyGradient) {
    actor_.Descend(action_gradient_);
  } else {  // extension: regression to actions improved by ascent on Q
    actor_.Descend(TowardsImproved(config_.actor_update, critics_, batch, action_gradient_,
                                   proposed_, cotangent_));
  }
  metrics_.AddActor(updates_, objective, action_gradient_, batch.action());

  // θ' ← (1 − τ) θ' + τ θ for μ' and all Q_i'
  actor_target_.Follow(policy_.network(), config_.polyak_rate);
  critics_.Follow(config_.polyak_rate);
}

double Td3::ValueBound(double reward) const { return reward / (1 - config_.gamma); }

void Td3::SerializeNetworks(const StateArchive& archive) {
  policy_.Serialize(archive);
  SerializeNetwork(archive, "actor_target", actor_target_.network());
  critics_.SerializeNetworks(archive);
}

void Td3::Serialize(const StateArchive& archive) {
  SerializeNetworks(archive);
  archive("updates", updates_);
  actor_.Serialize(archive.Group("actor"));
  critics_.SerializeOptimizers(archive);
}

}  // namespace nabla::agent
