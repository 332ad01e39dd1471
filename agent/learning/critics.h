// Critics: an ensemble of value networks Q_1 … Q_N, each with its optimiser and its target network
// Q_i'. TD3 and SAC have two. REDQ (Chen et al. 2021) has any number and draws a random subset for
// each target. The networks run in parallel on the workers and share no data, so the results are
// the same for any number of threads.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "agent/learning/actor_critic.h"
#include "agent/learning/learner.h"
#include "agent/replay/batch.h"

namespace nabla::agent {

// How the values of the target critics are combined for each sample.
enum class TargetReduction { kMin, kMean };
constexpr std::array<const char*, 2> Words(TargetReduction) { return {"min", "mean"}; }

// The value that the actor maximises: the first critic (TD3), the smallest (SAC) or the mean (TQC).
enum class ActorReduction { kFirst, kMin, kMean };
constexpr std::array<const char*, 3> Words(ActorReduction) { return {"first", "min", "mean"}; }

// The number of critics and how their values are combined.
struct EnsembleConfig {
  int size = 2;
  int target_subset = 0;
  TargetReduction target = TargetReduction::kMin;
  ActorReduction actor = ActorReduction::kMin;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("size", size, "Number of critics").Between(1, 64);
    ar("target_subset", target_subset,
       "Number of critics drawn at random for each target (M in Chen et al. 2021); 0: all")
        .Between(0, 64);
    ar("target", target, "How the values of the target critics are combined");
    ar("actor", actor,
       "Value that the actor maximises: the first critic, or the min or mean over all");
  }
};

class Critics {
 public:
  // Critics with m outputs each: 1, or the number of quantiles. Throws std::invalid_argument if the
  // subset is larger than the ensemble.
  Critics(const ActorCriticConfig& config, const EnsembleConfig& ensemble,
          const AgentContext& context, Index outputs = 1);

  std::size_t size() const { return members_.size(); }
  const nn::Network& network(std::size_t i) const { return *members_[i].network; }
  // Shared with a policy that refines its actions on it while it learns.
  std::shared_ptr<const nn::Network> shared_network(std::size_t i) const {
    return members_[i].network;
  }

  void SetProgress(double progress);

  // Computes Q_i'(s', a') for all critics or for a random subset M. target(k) [m, B] is the result
  // of the k-th critic of M.
  void EvaluateTargets(Batch& batch, Rng& rng);
  std::size_t target_count() const { return chosen_.size(); }
  const Matrix& target(std::size_t k) const { return *members_[chosen_[k]].target_value; }

  // EvaluateTargets for m = 1, and assigns value [1, B] = min or mean over M of Q_i'(s', a').
  void MinOrMeanTarget(Batch& batch, Rng& rng, Matrix& value);

  // One optimiser step of each critic to reduce its loss
  //   L = loss(i, z [m, B], cotangent [m, B], curvature)     at z = Q_i(s, a)
  // `loss` assigns cotangent = ∂L/∂z and, unless it is null, curvature [m, B] = diag ∂²L/∂z². The
  // workers call it in parallel. Returns the mean of the losses.
  template <class Loss>
  double Regress(Batch& batch, const Loss& loss) {
    workers_.ForEach(count(), [&](int i) {
      Member& member = members_[static_cast<std::size_t>(i)];
      Matrix* curvature = member.learner.wants_curvature() ? &member.curvature : nullptr;
      const Matrix& z = member.learner.Forward(batch.observation_action());
      member.loss = loss(i, z, member.cotangent, curvature);
      member.learner.Descend(member.cotangent, curvature);
    });
    return MeanLoss();
  }

  // Regress with the loss L = scale/B Σ_b w_b (Q_i(s_b, a_b) − y_b)² of each critic, for y [1, B].
  // Assigns td_error = |Q_1 − y| of the batch. Returns the mean of the losses.
  double RegressTo(const Matrix& y, double scale, Batch& batch);

  // Assigns gradient [a, B] = ∂L/∂a of L = −1/B Σ_b Q̄(s_b, a_b) at the action rows of the batch. Q̄
  // is the first critic, the smallest for each sample, or the mean over all critics and outputs.
  // Returns −L.
  double DescendInAction(Batch& batch, Matrix& gradient);

  // θ_i' ← (1 − τ) θ_i' + τ θ_i
  void Follow(double tau);

  void SerializeNetworks(const StateArchive& archive);
  void SerializeOptimizers(const StateArchive& archive);

 private:
  struct Member {
    std::shared_ptr<nn::Network> network;
    Learner learner;
    Target target;
    const Matrix* target_value;  // of the last EvaluateTargets, owned by the tape of the target
    const Matrix* value;         // of the last DescendInAction, owned by the tape of the learner
    Matrix cotangent;            // [m, B]
    Matrix curvature;            // [m, B], empty unless the optimiser needs it
    Matrix action_gradient;      // [a, B]
    double loss;
  };

  int count() const { return static_cast<int>(members_.size()); }
  double MeanLoss() const;
  void ChooseTargets(Rng& rng);
  int ActorCount() const { return ensemble_.actor == ActorReduction::kFirst ? 1 : count(); }
  double WeighActorValues();

  EnsembleConfig ensemble_;
  Workers& workers_;
  std::vector<Member> members_;
  std::vector<std::size_t> order_;   // a permutation from which subsets are drawn
  std::vector<std::size_t> chosen_;  // M
};

// y ← r + discount ∘ y, for values y [1, B] of (s', a').
void Bootstrap(Batch& batch, Matrix& y);

}  // namespace nabla::agent
