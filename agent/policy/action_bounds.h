// ActionBounds: the conversion between normalised actions u and the environment's actions a.
//
//   a = low + (u + 1) / 2 · (high − low),   ∂a/∂u = (high − low) / 2
//
// Networks, noise and the replay buffer use u in [−1, 1]; a has the units of the environment.
#pragma once

#include "agent/state/types.h"
#include "envs/core/environment.h"

namespace nabla::agent {

struct ActionBounds {
  explicit ActionBounds(const envs::Spec& spec) : low(spec.action_low), high(spec.action_high) {}

  Index size() const { return low.size(); }

  // The action a [a] of the environment for u [a].
  void ToEnvironment(const Eigen::Ref<const Vector>& u, envs::VectorRef a) const {
    a = low.array() + (u.cast<double>().array() + 1) / 2 * (high - low).array();
  }
  envs::Vector ToEnvironment(const Eigen::Ref<const Vector>& u) const {
    envs::Vector a(size());
    ToEnvironment(u, a);
    return a;
  }

  // Component i of a for u_i.
  double ToEnvironment(Index i, Real u) const {
    return low[i] + (static_cast<double>(u) + 1) / 2 * (high[i] - low[i]);
  }

  // ∂a/∂u, a diagonal [a].
  envs::Vector Slope() const { return (high - low) / 2; }

  envs::Vector low, high;  // [a]
};

}  // namespace nabla::agent
