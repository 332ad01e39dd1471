#include "agent/algorithms/deterministic_agent.h"

namespace nabla::agent {

DeterministicAgent::DeterministicAgent(const DeterministicConfig& config,
                                       const Critics::Options& critics, Rng& initialization,
                                       Workers& workers)
    : ActorCritic(config, critics.action_size),
      actor_(NewNetwork(config.actor, critics.observation_size, critics.action_size, "tanh",
                        initialization),
             config.optimizer, config.actor_learning_rate, config.batch_size),
      actor_target_(actor_.network, config.batch_size),
      critics_(critics, initialization, workers),
      exploration_(config.exploration),
      actor_update_(config.actor_update),
      y_(1, config.batch_size),
      scratch_(critics.action_size, config.batch_size) {}

ActTape DeterministicAgent::MakeActTape(Index n) const {
  return NewActTape(actor_.network, critics_.network(0), refine_, n);
}

void DeterministicAgent::Act(const ConstMatrixRef& observation, Mode mode, Rng& /*rng*/,
                             ActTape& tape, MatrixRef action) const {
  action = actor_.network.Evaluate(observation, tape.actor);
  Refine(refine_, critics_.network(0), observation, mode, tape, action);
}

void DeterministicAgent::SetProgress(double progress) {
  actor_.SetProgress(progress);
  critics_.SetProgress(progress);
}

void DeterministicAgent::LearnCritics(Batch& batch, Rng& rng) {
  critics_.EvaluateTargets(batch, rng);
  critics_.ReduceTargets(y_);
  Bootstrap(batch, y_);
  const double loss = critics_.RegressTo(y_, 1, batch);
  metrics_.AddCritics(++updates_, loss, y_, batch);
}

void DeterministicAgent::LearnActor(Batch& batch) {
  const double objective =
      ImproveActor(actor_update_, actor_, critics_, batch, action_gradient_, scratch_);
  metrics_.AddActor(updates_, objective, action_gradient_, batch.action());
  actor_target_.Follow(actor_.network, polyak_rate_);
  critics_.Follow(polyak_rate_);
}

std::vector<NamedNetwork> DeterministicAgent::Inspect() const {
  return PolicyAndCritics(actor_.network, critics_);
}

void DeterministicAgent::Networks(const StateArchive& archive) {
  NetworkState(archive, "actor", actor_.network);
  NetworkState(archive, "actor_target", actor_target_.network);
  critics_.AddNetworks(archive);
}

void DeterministicAgent::State(const StateArchive& archive) {
  Networks(archive);
  archive("updates", updates_);
  actor_.State(archive.Group("actor.adam", TensorFile::kOptimizer));
  critics_.State(archive);
}

}  // namespace nabla::agent
