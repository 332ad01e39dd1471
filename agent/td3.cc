#include "agent/td3.h"

#include <algorithm>

namespace nabla::agent {
namespace {

nn::Network NewNetwork(const nn::NetworkConfig& config, Index inputs, Index outputs,
                       const std::string& output_activation, Rng& initialization) {
  nn::Network network = nn::MakeNetwork(config, inputs, outputs, output_activation);
  network.Initialize([&] { return initialization.Uniform(); });
  return network;
}

}  // namespace

Td3::Td3(const Td3Config& config, Index observation_size, Index action_size, Rng& initialization,
         Workers& workers)
    : config_(config),
      workers_(workers),
      actor_(NewNetwork(config.actor, observation_size, action_size, "tanh", initialization),
             {.learning_rate = config.actor_learning_rate}, config.batch_size),
      actor_target_(actor_.network, config.batch_size),
      critics_{MakeCritic(observation_size, action_size, initialization),
               MakeCritic(observation_size, action_size, initialization)},
      y_(1, config.batch_size),
      ascent_(
          Matrix::Constant(1, config.batch_size, Real(-1) / static_cast<Real>(config.batch_size))),
      action_gradient_(action_size, config.batch_size) {}

Td3::Critic Td3::MakeCritic(Index observation_size, Index action_size, Rng& initialization) const {
  const nn::Network network =
      NewNetwork(config_.critic, observation_size + action_size, 1, "identity", initialization);
  return {.learner =
              Learner(network, {.learning_rate = config_.critic_learning_rate}, config_.batch_size),
          .target = Target(network, config_.batch_size),
          .residual = Matrix(1, config_.batch_size),
          .cotangent = Matrix(1, config_.batch_size)};
}

void Td3::Act(const ConstMatrixRef& observation, Mode /*mode*/, Rng& /*rng*/, nn::Tape& tape,
              MatrixRef action) const {
  action = actor_.network.Evaluate(observation, tape);
}

void Td3::Update(Batch& batch, Rng& rng) {
  SmoothedTargetAction(actor_target_, config_.target_noise, config_.target_noise_clip, rng, batch);
  std::array<const Matrix*, 2> q;
  workers_.ForEach(2, [&](int i) {
    Target& target = critics_[static_cast<std::size_t>(i)].target;
    q[static_cast<std::size_t>(i)] =
        &target.network.Evaluate(batch.next_observation_action(), target.tape);
  });
  MinimumTarget(q, batch, y_);
  workers_.ForEach(2, [&](int i) {
    Critic& critic = critics_[static_cast<std::size_t>(i)];
    critic.loss = Regress(critic.learner, batch, y_, critic.residual, critic.cotangent);
  });
  if (batch.is_weighted()) {
    const std::array<const Matrix*, 2> residuals = {&critics_[0].residual, &critics_[1].residual};
    ReportErrors(residuals, batch);
  }
  metrics_[kCriticLoss].Add((critics_[0].loss + critics_[1].loss) / 2);
  metrics_[kQMean].Add(static_cast<double>(y_.mean()));
  if (++updates_ % config_.policy_delay == 0) ImproveActor(batch);
}

void Td3::ImproveActor(Batch& batch) {
  metrics_[kActorObjective].Add(
      AscendCritic(actor_, critics_[0].learner, batch, ascent_, action_gradient_));
  actor_target_.Follow(actor_.network, config_.polyak_rate);
  for (Critic& critic : critics_) {
    critic.target.Follow(critic.learner.network, config_.polyak_rate);
  }
}

std::vector<NamedNetwork> Td3::Inspect() const {
  return {{"actor", &actor_.network},
          {"critics.0", &critics_[0].learner.network},
          {"critics.1", &critics_[1].learner.network}};
}

void Td3::Networks(const StateArchive& archive) {
  NetworkState(archive, "actor", actor_.network);
  NetworkState(archive, "actor_target", actor_target_.network);
  for (std::size_t i = 0; i < critics_.size(); ++i) {
    const std::string name = "critics." + std::to_string(i);
    NetworkState(archive, name, critics_[i].learner.network);
    NetworkState(archive, name + "_target", critics_[i].target.network);
  }
}

void Td3::State(const StateArchive& archive) {
  Networks(archive);
  archive("updates", updates_);
  actor_.State(archive.Group("actor.adam", TensorFile::kOptimizer));
  for (std::size_t i = 0; i < critics_.size(); ++i) {
    critics_[i].learner.State(
        archive.Group("critics." + std::to_string(i) + ".adam", TensorFile::kOptimizer));
  }
}

}  // namespace nabla::agent
