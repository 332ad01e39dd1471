// Policy: from raw observations to actions, as a value. It is what a run has learned: it acts,
// gives its derivatives, and is evaluated, watched, inspected and stored without a trainer.
//
//   x = clip((o − m) / √(v + ε), ±10)     where the task normalises observations, else x = o
//   u = μ(x), or tanh(m(x) + σ(x) ∘ ξ)     deterministic, or a squashed Gaussian; in [−1, 1]
//   u ← refined on the critic              where the task asks for it (refine.h)
//   a = low + (u + 1) / 2 · (high − low)   the environment's own units
//
// o [o, n] holds one raw observation per column.
#pragma once

#include <memory>
#include <optional>

#include "agent/policy/action_bounds.h"
#include "agent/policy/observation_normalizer.h"
#include "agent/policy/refine.h"
#include "envs/core/random.h"

namespace nabla::agent {

// Scratch of a policy for n observations at a time.
struct PolicyTape {
  nn::Tape actor;
  Matrix observation;  // x [o, n], where observations are normalised
  Matrix action;       // u [a, n]
  RefineTape refine;   // empty without refinement
};

class Policy {
 public:
  enum class Kind {
    kDeterministic,     // the network's outputs are u [a]
    kSquashedGaussian,  // they are mean and log σ before the squashing by tanh [2a]
  };

  // Without a normaliser x = o. A policy that refines needs a critic: see ClimbOn.
  Policy(Kind kind, nn::Network network, const ActionBounds& bounds,
         std::optional<ObservationNormalizer> normalizer, const RefineConfig& refine);

  // A copy is a policy of its own: the critic that it climbs is copied too.
  Policy(const Policy& other);
  Policy& operator=(const Policy& other);
  Policy(Policy&&) noexcept = default;
  Policy& operator=(Policy&&) noexcept = default;
  ~Policy() = default;

  // The critic [x; u] → values that actions climb, as it learns. Ignored unless actions are
  // refined.
  void ClimbOn(std::shared_ptr<const nn::Network> critic);

  Index observation_size() const { return network_.input_size(); }
  Index action_size() const { return bounds_.size(); }
  const ActionBounds& bounds() const { return bounds_; }

  PolicyTape MakeTape(Index n) const;

  // u [a, n] in [−1, 1], as learning sees it. `rng` is drawn from in kExplore alone.
  void ActNormalized(const ConstMatrixRef& observation, Mode mode, Rng& rng, PolicyTape& tape,
                     MatrixRef u) const;

  // The deterministic action a [a, n] in the environment's units.
  void Act(const ConstMatrixRef& observation, PolicyTape& tape,
           Eigen::Ref<Eigen::MatrixXd> action) const;

  // The deterministic action at one observation o [o] and its exact derivative there, normaliser,
  // clip, squashing, refinement and bounds included.
  struct Linearization {
    Vector u;                           // [a], in [−1, 1]
    Matrix du_dobservation;             // ∂u/∂o [a, o]
    envs::Vector action;                // a [a], in the environment's units
    envs::Matrix daction_dobservation;  // ∂a/∂o [a, o]
  };
  Linearization Linearize(const ConstMatrixRef& observation) const;

  // o → u as one network, the refinement and the normaliser's clip left out: to look at.
  nn::Network AsNetwork() const;
  // A network whose first inputs are x, as a function of o.
  nn::Network BehindNormalizer(const nn::Network& network) const;

  // What learns. The network sees x, not o.
  nn::Network& network() { return network_; }
  const nn::Network& network() const { return network_; }

  // Takes o [o, n] into the statistics of the normaliser, if there is one.
  void Observe(const ConstMatrixRef& observation);
  // o becomes x in place.
  void Normalize(MatrixRef observation) const;

  // The normaliser's statistics and the network.
  void Serialize(const StateArchive& archive);

 private:
  // x → u without refinement.
  nn::Network MeanNetwork() const;

  Kind kind_;
  nn::Network network_;
  ActionBounds bounds_;
  std::optional<ObservationNormalizer> normalizer_;
  RefineConfig refine_;
  std::shared_ptr<const nn::Network> critic_;
};

}  // namespace nabla::agent
