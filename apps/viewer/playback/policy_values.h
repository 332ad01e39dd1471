// What the critic and the policy say at one observation o, in the letters of MATH: μ the policy,
// Q the critic that it climbs, a in [−1, 1].
#pragma once

#include <string>

#include "apps/viewer/playback/experience.h"
#include "apps/viewer/playback/policy.h"
#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer {

// "action", or "action 2" for i = 1 of several.
std::string ActionName(Index i, Index count);

struct ActionGradient {
  agent::Vector action;  // μ(o)         [a]
  double q = 0;          // Q(o, μ(o))
  agent::Vector dq_da;   // ∇_a Q there  [a]
};
ActionGradient Differentiate(const Policy& policy, const envs::Vector& observation);

// Q along each component of the action, the others at μ(o). `noise`: the standard deviation of the
// exploration noise of each component [a].
ActionSlice SliceAction(const Policy& policy, const envs::Vector& observation,
                        const envs::Spec& spec, const agent::Vector& noise);

// The standard deviation of exploring actions at o, each component of its own [a]: of the noise
// that the trainer adds, in the long run, or of draws from a policy that is random by itself.
agent::Vector ExplorationDeviation(const Policy& policy, const envs::Vector& observation, Rng& rng);

// Activations at o, and ‖∂y/∂θ_k‖_F of each layer k, of the policy and the critic.
NetworkView ViewNetworks(const Policy& policy, const envs::Vector& observation);

// Quantiles of δ = r + γ (1 − d) Q(s', μ(s')) − Q(s, a) over the experience.
TrainingCurves::Residual ResidualQuantiles(const Policy& policy, const Experience& experience,
                                           double gamma);

// How often the actions fell where.
ActionHistogram CountActions(const Experience& experience, Index action_size,
                             const std::string& source);

}  // namespace nabla::viewer
