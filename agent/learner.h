// The verbs that actor–critic algorithms share. Each comment is the verb's formula.
//
// Notation: B samples a batch; actor μ_θ(s); critic Q_φ(s, a); r, discount and w the batch's
// reward, discount and weight rows (agent/batch.h).
#pragma once

#include <span>
#include <string_view>

#include "agent/batch.h"
#include "agent/state_archive.h"
#include "envs/random.h"
#include "nn/adam.h"
#include "nn/network.h"

namespace nabla::agent {

// A network that learns: parameters, gradient, optimiser and the tape of its passes.
class Learner {
 public:
  Learner(nn::Network network, const nn::AdamOptions& adam, Index batch);

  nn::Network network;
  nn::Tape tape;

  // θ ← θ − Adam(Jᵀ c), J the weight Jacobian of the last Forward, c = cotangent [m, B].
  void Descend(const ConstMatrixRef& cotangent);

  void State(const StateArchive& archive);  // the optimiser's

 private:
  Vector gradient_;
  nn::Adam adam_;
};

// A slowly following copy of a learner's network.
class Target {
 public:
  Target(const nn::Network& source, Index batch);

  nn::Network network;
  nn::Tape tape;

  // θ' ← (1 − τ) θ' + τ θ
  void Follow(const nn::Network& source, double tau);
};

// Each layer's weights and biases as <name>.layers.<k>.weight and .bias.
void NetworkState(const StateArchive& archive, std::string_view name, nn::Network& network);

// a' = clip(μ'(s') + clip(ε, ±c), ±1), ε ~ N(0, σ²)     (Fujimoto et al. 2018, eq. 14)
// written into the batch's next_action rows. σ = 0 gives a' = μ'(s').
void SmoothedTargetAction(Target& actor, double sigma, double clip, Rng& rng, Batch& batch);

// y = r + discount · min_i Q_i'(s', a')                  (Fujimoto et al. 2018, eq. 10)
// for target values q [1, B] a critic; y [1, B].
void MinimumTarget(std::span<const Matrix* const> q, Batch& batch, MatrixRef y);

// One step down L = 1/B Σ_b w_b (Q(s_b, a_b) − y_b)². Returns L.
// `residual` [1, B] receives Q − y, `cotangent` [1, B] c = 2/B w ∘ (Q − y).
double Regress(Learner& critic, Batch& batch, const ConstMatrixRef& y, MatrixRef residual,
               MatrixRef cotangent);

// td_error = 1/K Σ_i |Q_i − y| of K critics, for residuals [1, B] each.
void ReportErrors(std::span<const Matrix* const> residuals, Batch& batch);

// One step up the deterministic policy gradient (Silver et al. 2014, eq. 9):
//   ∇_θ J = 1/B Σ_b ∇_a Q(s_b, a)|_{a = μ(s_b)} J_μ(s_b)
// as one Vjp through the critic to its action rows and one through the actor. The batch's action
// rows receive μ(s). `cotangent` [1, B] weighs the samples, −1/B each (descent on −J); `scratch`
// [a, B] receives the weighted ∇_a Q. Returns 1/B Σ_b Q(s_b, μ(s_b)).
double AscendCritic(Learner& actor, Learner& critic, Batch& batch, const ConstMatrixRef& cotangent,
                    MatrixRef scratch);

}  // namespace nabla::agent
