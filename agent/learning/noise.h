// Exploration noise: what the trainer adds to the action of a deterministic policy, one process per
// environment, u = clip(μ(s) + n, ±1).
//
//   gaussian             n_t = σ ε_t
//   ornstein_uhlenbeck   n_{t+1} = n_t − θ n_t dt + σ √dt ε_t,   n_0 = 0      (Uhlenbeck & Ornstein
//   1930)
//
// ε ~ N(0, I). The second one is correlated in time, which explores where single pushes achieve
// nothing (Lillicrap et al. 2016). dt belongs to the process: a step moves n by σ √dt, and n
// settles to a standard deviation of about σ / √(2θ) after some 1 / (θ dt) steps.
#pragma once

#include <variant>

#include "agent/state/state_archive.h"
#include "agent/state/types.h"
#include "envs/core/random.h"

namespace nabla::agent {

struct GaussianNoise {
  static constexpr const char* kName = "gaussian";

  double sigma = 0.1;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("sigma", sigma, "Standard deviation, of actions in [-1, 1]").AtLeast(0);
  }
};

struct OrnsteinUhlenbeckNoise {
  static constexpr const char* kName = "ornstein_uhlenbeck";

  double sigma = 0.5;
  double theta = 0.15;
  double dt = 0.01;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("sigma", sigma, "Strength: each step moves the noise by sigma sqrt(dt)").AtLeast(0);
    ar("theta", theta, "Pull towards 0 per unit of time").Between(0, 1);
    ar("dt", dt, "Time that an environment step counts for").Between(0, 1);
  }
};

struct NoiseConfig {
  std::variant<GaussianNoise, OrnsteinUhlenbeckNoise> process;

  template <class Archive>
  void Visit(Archive& ar) {
    ar.Choice("noise", process, "Kind of exploration noise");
  }
};

class ExplorationNoise {
 public:
  ExplorationNoise(const NoiseConfig& config, Index action_size, Index environments);

  // action [a, n] = clip(action + n, ±1) with the next noise of each environment.
  void AddTo(Rng& rng, MatrixRef action);

  // The end of environment i's episode: n = 0.
  void Reset(Index i) { noise_.col(i).setZero(); }

  void Serialize(const StateArchive& archive) { archive("noise", noise_); }

 private:
  // n ← (1 − decay) n + scale ε
  double decay_ = 1;
  double scale_ = 0;
  Eigen::MatrixXd noise_;  // [a, environments]
};

}  // namespace nabla::agent
