// Policy: the map from raw observations to actions that a run has learned. It is a value: it acts,
// gives its derivatives, and can be evaluated, watched, inspected and stored without a trainer.
//
//   x = clip((o − m) / √(v + ε), ±10)     if the task normalises observations, otherwise x = o
//   u = μ(x), or tanh(m(x) + σ(x) ∘ ξ)     deterministic, or a squashed Gaussian; in [−1, 1]
//   u ← refined on the critic              if the task refines actions (refine.h)
//   a = low + (u + 1) / 2 · (high − low)   in the units of the environment
//
// o [o, n] has one raw observation per column.
#pragma once

#include <memory>
#include <optional>

#include "agent/policy/action_bounds.h"
#include "agent/policy/observation_normalizer.h"
#include "agent/policy/refine.h"
#include "envs/core/random.h"

namespace nabla::agent {

// Work memory of a policy for n observations at a time.
struct PolicyTape {
  nn::Tape actor;
  Matrix observation;  // x [o, n], empty if observations are not normalised
  Matrix action;       // u [a, n]
  RefineTape refine;   // empty without refinement
};

class Policy {
 public:
  enum class Kind {
    kDeterministic,     // the network's outputs are u [a]
    kSquashedGaussian,  // the outputs are the mean and log σ before tanh [2a]
  };

  // Without a normaliser x = o. A policy that refines its actions needs a critic, see ClimbOn.
  Policy(Kind kind, nn::Network network, const ActionBounds& bounds,
         std::optional<ObservationNormalizer> normalizer, const RefineConfig& refine);

  // A copy is independent of the original: it has its own copy of the critic.
  Policy(const Policy& other);
  Policy& operator=(const Policy& other);
  Policy(Policy&&) noexcept = default;
  Policy& operator=(Policy&&) noexcept = default;
  ~Policy() = default;

  // Sets the critic [x; u] → values that refines the actions. The policy shares it, so it sees the
  // current parameters while the critic learns. Ignored unless the task refines actions.
  void ClimbOn(std::shared_ptr<const nn::Network> critic);

  Index observation_size() const { return network_.input_size(); }
  Index action_size() const { return bounds_.size(); }
  const ActionBounds& bounds() const { return bounds_; }

  PolicyTape MakeTape(Index n) const;

  // Assigns the normalised action u [a, n] in [−1, 1]. Only kExplore draws from `rng`.
  void ActNormalized(const ConstMatrixRef& observation, Mode mode, Rng& rng, PolicyTape& tape,
                     MatrixRef u) const;

  // Assigns the deterministic action a [a, n] in the units of the environment.
  void Act(const ConstMatrixRef& observation, PolicyTape& tape,
           Eigen::Ref<Eigen::MatrixXd> action) const;

  // The deterministic action at one observation o [o] and its exact derivative, which includes the
  // normaliser with its clip, the squashing, the refinement and the bounds.
  struct Linearization {
    Vector u;                           // [a], in [−1, 1]
    Matrix du_dobservation;             // ∂u/∂o [a, o]
    envs::Vector action;                // a [a], in the units of the environment
    envs::Matrix daction_dobservation;  // ∂a/∂o [a, o]
  };
  Linearization Linearize(const ConstMatrixRef& observation) const;

  // o → u as one network, without the refinement and the clip of the normaliser, for inspection.
  nn::Network AsNetwork() const;
  // `network`, whose first inputs are x, as a function of o.
  nn::Network BehindNormalizer(const nn::Network& network) const;

  // The network that learns. Its input is x, not o.
  nn::Network& network() { return network_; }
  const nn::Network& network() const { return network_; }

  // Copies the parameters and the statistics of another policy of the same task without allocating.
  void CopyState(const Policy& other);

  // Adds o [o, n] to the statistics of the normaliser, if there is one.
  void Observe(const ConstMatrixRef& observation);
  // o ← x in place.
  void Normalize(MatrixRef observation) const;

  // Saves or restores the statistics of the normaliser and the network.
  void Serialize(const StateArchive& archive);

 private:
  // x → u without refinement.
  nn::Network MeanNetwork() const;
  // Throws std::logic_error before ClimbOn.
  const nn::Network& RequireCritic() const;

  Kind kind_;
  nn::Network network_;
  ActionBounds bounds_;
  std::optional<ObservationNormalizer> normalizer_;
  RefineConfig refine_;
  std::shared_ptr<const nn::Network> critic_;
};

}  // namespace nabla::agent
