// Values and derivatives of a policy μ and its critic Q at observations o, with actions a in [−1,
// 1].
#pragma once

#include <string>

#include "apps/viewer/playback/policy_replica.h"
#include "apps/viewer/playback/recent_transitions.h"
#include "apps/viewer/playback/threads.h"
#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer {

// "action", or "action 2" for i = 1 of several.
std::string ActionName(Index i, Index count);

struct ActionGradient {
  agent::Vector action;  // μ(o)         [a]
  double q = 0;          // Q(o, μ(o))
  agent::Vector dq_da;   // ∇_a Q there  [a]
};
ActionGradient Differentiate(const PolicyReplica& policy, const envs::Vector& observation);

// Q along each component of the action, with the others at μ(o). `noise` [a]: the standard
// deviation of the exploration noise of each component.
ActionSlice SliceAction(const PolicyReplica& policy, const envs::Vector& observation,
                        const agent::Vector& noise);

// The standard deviation of exploring actions at o, for each component [a]: the stationary one of
// the noise that the trainer adds, or an estimate from samples of a stochastic policy.
agent::Vector ExplorationDeviation(const PolicyReplica& policy, const envs::Vector& observation,
                                   Rng& rng);

// max_a Q(o, a) for observations o [o, B]: [B]. A lower bound: the best of μ(o) and of a grid over
// one component at a time, improved by a few projected gradient steps.
// Throws WorkStopped.
agent::Vector GreatestQ(const PolicyReplica& policy, const Matrix& observations,
                        const StopCheck& stop);

// A heat map over two components of the state; the others are fixed.
struct MapRequest {
  StateAxis x, y;
  int columns = 64, rows = 48;
  int policy_component = -1;  // i: μ_i(o(s)); −1: max_a Q(o(s), a)
};

// The map through `state`. Sets the state of `environment` to each grid point. Throws WorkStopped.
ValueMap ComputeValueMap(const PolicyReplica& policy, envs::Environment& environment,
                         const envs::Vector& state, const MapRequest& request,
                         const StopCheck& stop);

// Activations at o, and ‖∂y/∂θ_k‖_F of each layer k, of the policy and the critic.
NetworkView ViewNetworks(const PolicyReplica& policy, const envs::Vector& observation);

// Quantiles of the finite δ = r + γ (1 − d) Q(o', μ(o')) − Q(o, a) over the transitions. All are
// NaN if no δ is finite.
TrainingCurves::Residual ResidualQuantiles(const PolicyReplica& policy,
                                           const RecentTransitions& transitions, double gamma);

// The histogram of each component of the finite actions.
ActionHistogram CountActions(const RecentTransitions& transitions, Index action_size,
                             const std::string& source);

}  // namespace nabla::viewer
