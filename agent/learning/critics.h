// Critics: an ensemble of value networks Q_1 … Q_N, each with its optimiser and its slowly
// following target Q_i'. Two in TD3 and SAC; any number, of which a random few make the target, in
// REDQ (Chen et al. 2021). The networks work side by side on the workers and share no data, so the
// numbers are the same for any number of threads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/algorithms/agent.h"
#include "agent/learning/learner.h"
#include "agent/learning/workers.h"
#include "nn/network/network_config.h"

namespace nabla::agent {

// How many critics there are, and how their values become one.
// (TD3's actor climbs the first critic, SAC's the smallest.)
struct EnsembleConfig {
  int size = 2;
  int target_subset = 0;
  std::string target = "min";
  std::string actor = "min";

  template <class Archive>
  void Visit(Archive& ar) {
    ar("size", size, "Value networks").Between(1, 64);
    ar("target_subset", target_subset,
       "Critics drawn anew for each target (Chen et al. 2021, M); 0: all of them")
        .Between(0, 64);
    ar("target", target, "How target values become one").OneOf({"min", "mean"});
    ar("actor", actor, "What the actor climbs: the first critic, or min or mean over all")
        .OneOf({"first", "min", "mean"});
  }
};

class Critics {
 public:
  struct Options {
    nn::NetworkConfig network;
    Index observation_size;
    Index action_size;
    Index outputs = 1;  // m: 1, or the quantiles of a distribution of returns
    Index batch;
    OptimizerConfig optimizer;
    double learning_rate;
    EnsembleConfig ensemble;
  };

  // Throws std::invalid_argument if the subset is larger than the ensemble.
  Critics(const Options& options, Rng& initialization, Workers& workers);

  std::size_t size() const { return members_.size(); }
  const nn::Network& network(std::size_t i) const { return members_[i].learner.network; }

  // [o; a] → the mean over the outputs of critic i.
  nn::Network Expectation(std::size_t i) const;

  void SetProgress(double progress);

  // Q_i'(s', a') for all, or for the random subset M; target(k) [m, B] of its k-th.
  void EvaluateTargets(Batch& batch, Rng& rng);
  std::size_t target_count() const { return chosen_.size(); }
  const Matrix& target(std::size_t k) const { return *members_[chosen_[k]].target_value; }

  // value [1, B] = min or mean over M of Q_i'(s', a'), for m = 1, after EvaluateTargets.
  void ReduceTargets(Matrix& value) const;

  // One optimiser step of each critic down its loss, where
  //   loss(i, z [m, B], cotangent [m, B]) → L, with cotangent = ∂L/∂z
  // at z = Q_i(s, a). Runs on the workers. Returns the mean of the losses.
  template <class Loss>
  double Regress(Batch& batch, const Loss& loss) {
    workers_.ForEach(count(), [&](int i) {
      Member& member = members_[static_cast<std::size_t>(i)];
      Learner& learner = member.learner;
      const Matrix& z = learner.network.Forward(batch.observation_action(), learner.tape);
      member.loss = loss(i, z, member.cotangent);
      learner.Descend(member.cotangent);
    });
    return MeanLoss();
  }

  // L = scale/B Σ_b w_b (Q_i(s_b, a_b) − y_b)² each, y [1, B]. The batch's td_error receives
  // |Q_1 − y|. Returns the mean of the losses.
  double RegressTo(const Matrix& y, double scale, Batch& batch);

  // gradient [a, B] = ∂L/∂a of L = −1/B Σ_b Q̄(s_b, a_b) at the batch's action rows, Q̄ the first
  // critic, the smallest (sample by sample), or the mean over all critics and outputs. Returns −L.
  double DescendInAction(Batch& batch, Matrix& gradient);

  // θ_i' ← (1 − τ) θ_i' + τ θ_i
  void Follow(double tau);

  void AddNetworks(const StateArchive& archive);
  void State(const StateArchive& archive);  // the optimisers'

 private:
  struct Member {
    Learner learner;
    Target target;
    const Matrix* target_value;  // of the last EvaluateTargets, in the target's tape
    const Matrix* value;         // of the last DescendInAction, in the learner's tape
    Matrix cotangent;            // [m, B]
    Matrix action_gradient;      // [a, B]
    double loss;
  };

  int count() const { return static_cast<int>(members_.size()); }
  double MeanLoss() const;
  void ChooseTargets(Rng& rng);
  int ActorCount() const { return ensemble_.actor == "first" ? 1 : count(); }
  double WeighActorValues();

  EnsembleConfig ensemble_;
  Workers& workers_;
  std::vector<Member> members_;
  std::vector<std::size_t> order_;   // a permutation, from which subsets are drawn
  std::vector<std::size_t> chosen_;  // M
};

// y ← r + discount ∘ y, for values y [1, B] of (s', a').
void Bootstrap(Batch& batch, Matrix& y);

}  // namespace nabla::agent
