// DDPG: Deep Deterministic Policy Gradient (Lillicrap, Hunt, Pritzel, Heess, Erez, Tassa, Silver &
// Wierstra 2016, "Continuous control with deep reinforcement learning").
//
//   y  = r + discount · Q'(s', μ'(s'))
//   Q:   descend 1/B Σ (Q(s, a) − y)²
//   μ:   ascend 1/B Σ Q(s, μ(s)), then update both targets
//
// Extension: actor_update action_improvement (agent/learning/deterministic_actor.h).
//
// Metrics: see agent/learning/update_metrics.h.
// Deviations from the paper: the action is an input of the first layer of the critic, not of the
// second; no weight decay; no batch normalisation; the initial weights and biases of every layer
// are uniform in ±1/√fan_in.
//
// Results: docs/results.md.
#pragma once

#include "agent/algorithms/agent.h"
#include "agent/learning/deterministic_actor.h"

namespace nabla::agent {

class Ddpg;

struct DdpgConfig : ActorCriticConfig {
  using Algorithm = Ddpg;
  static constexpr const char* kName = "DDPG";
  static constexpr const char* kSummary =
      "deep deterministic policy gradient (Lillicrap et al. 2016)";

  NoiseConfig exploration;
  ActorUpdateConfig actor_update;

  template <class Archive>
  void Visit(Archive& ar) {
    VisitShared(ar, "Policy network mu(s), tanh output", "Network of each critic Q(s, a)");
    ar("exploration", exploration, "Noise added to the actions during the training");
    actor_update.Visit(ar);
  }
};

class Ddpg final : public Agent {
 public:
  Ddpg(const DdpgConfig& config, const AgentContext& context);

  void Update(Batch& batch, double progress, Rng& rng) override;
  void SerializeNetworks(const StateArchive& archive) override;
  void Serialize(const StateArchive& archive) override;
  const NoiseConfig* exploration_noise() const override { return &config_.exploration; }

 private:
  const DdpgConfig config_;
  Policy policy_;             // μ
  DeterministicActor actor_;  // for the network of the policy, with μ'
  Critics critics_;           // Q and Q'
  std::int64_t updates_ = 0;
  UpdateMetrics metrics_;
  Matrix y_;  // [1, B]
};

}  // namespace nabla::agent
