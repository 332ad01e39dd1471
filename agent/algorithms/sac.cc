#include "agent/algorithms/sac.h"

namespace nabla::agent {

Sac::Sac(const SacConfig& config, Index observation_size, Index action_size, Rng& initialization,
         Workers& workers)
    : StochasticAgent(config, config.CriticOptions(observation_size, action_size, config.ensemble),
                      initialization, workers),
      policy_delay_(config.policy_delay),
      y_(1, config.batch_size) {}

void Sac::Update(Batch& batch, double progress, Rng& rng) {
  SetProgress(progress);
  const bool actor_learns = ++updates_ % policy_delay_ == 0;
  if (actor_learns) temperature_.Learn(actor_.Sample(batch, rng).log_probability());
  SoftTarget(batch, rng);
  const double loss = critics_.RegressTo(y_, 0.5, batch);
  metrics_.AddCritics(updates_, loss, y_, batch);
  if (actor_learns) LearnActor(batch);
  critics_.Follow(polyak_rate_);
}

// y = r + discount · (min_i Q_i'(s', a') − α log π(a'|s'))        (Haarnoja et al. 2018b, eq. 3)
void Sac::SoftTarget(Batch& batch, Rng& rng) {
  const SquashedGaussian& next = actor_.SampleNext(batch, rng);
  critics_.EvaluateTargets(batch, rng);
  critics_.ReduceTargets(y_);
  y_ -= static_cast<Real>(temperature_.alpha()) * next.log_probability();
  Bootstrap(batch, y_);
}

}  // namespace nabla::agent
