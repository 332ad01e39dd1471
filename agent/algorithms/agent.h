// Agent: what a learning algorithm shows to the trainer.
//
// Actions are in [−1, 1] inside; the trainer scales them to the environment's bounds.
#pragma once

#include <string>
#include <vector>

#include "agent/learning/noise.h"
#include "agent/replay/batch.h"
#include "agent/state/state_archive.h"
#include "envs/core/random.h"
#include "nn/network/network.h"

namespace nabla::agent {

enum class Mode {
  kExplore,  // drawn from a stochastic policy; of a deterministic one, whatever the noise is added
             // to
  kExploit,  // deterministic
};

// A quantity that an update reports; the mean since the last report is logged.
struct Metric {
  std::string name;
  double sum = 0;
  std::int64_t count = 0;

  void Add(double value) {
    sum += value;
    ++count;
  }
  double Mean() const { return count == 0 ? 0 : sum / static_cast<double>(count); }
};

struct NamedNetwork {
  std::string name;
  nn::Network network;
};

// Scratch of Act for n observations at a time. All but the actor's is for the refinement
// (agent/policy/refine.h) and empty without.
struct ActTape {
  nn::Tape actor;
  nn::Tape critic;
  Matrix input;        // [o + a, n]
  Matrix cotangent;    // [m, n], m the critic's outputs
  Matrix gradient;     // [a, n]
  Matrix observation;  // [o, n], normalised (agent/training/normalized_agent.h)
};

class Agent {
 public:
  virtual ~Agent() = default;

  virtual ActTape MakeActTape(Index n) const = 0;

  // Actions [a, n] in [−1, 1] for observations [o, n]. Kept free of changes to the agent, so that
  // an evaluation can run beside training. `rng` is drawn from in kExplore alone.
  virtual void Act(const ConstMatrixRef& observation, Mode mode, Rng& rng, ActTape& tape,
                   MatrixRef action) const = 0;

  // The noise that the trainer adds to kExplore's actions; null for a policy that draws them
  // itself.
  virtual const NoiseConfig* exploration_noise() const = 0;

  // One gradient update; `progress` is the fraction of training done. The batch is changed: its
  // action rows are scratch afterwards, td_error is written.
  virtual void Update(Batch& batch, double progress, Rng& rng) = 0;

  virtual int batch_size() const = 0;
  // γ: the replay buffer puts it into the batch's reward and discount rows.
  virtual double gamma() const = 0;

  // Of the last update: the mean size 1/B Σ |y_b| of its targets, and the largest |Q| that rewards
  // of at most `reward` in size allow. A mean well beyond it has diverged.
  virtual double TargetSize() const = 0;
  virtual double ValueBound(double reward) const = 0;

  virtual std::vector<Metric>& metrics() = 0;
  virtual const std::vector<Metric>& metrics() const = 0;

  // To look at, as they are now: the policy o → a, deterministic and with its squashing, then the
  // critics [o; a] → Q, expected values, the one that the policy climbs first.
  virtual std::vector<NamedNetwork> Inspect() const = 0;

  // The networks, named; and everything, the networks included.
  virtual void Networks(const StateArchive& archive) = 0;
  virtual void State(const StateArchive& archive) = 0;
};

}  // namespace nabla::agent
