// Exploration noise: the trainer adds it to the action of a deterministic policy, with one process
// per environment: u = clip(μ(s) + n, ±1).
//
//   gaussian             n_t = σ ε_t
//   ornstein_uhlenbeck   n_{t+1} = n_t − θ n_t dt + σ √dt ε_t,   n_0 = 0
//
// ε ~ N(0, I). The process of Uhlenbeck & Ornstein (1930) is correlated in time, so it also
// explores systems on which independent pushes average out (Lillicrap et al. 2016). dt is a
// parameter of the process: each step adds noise of standard deviation σ √dt, and after about 1 /
// (θ dt) steps n has a standard deviation of about σ / √(2θ).
#pragma once

#include <algorithm>
#include <cmath>
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
    ar("sigma", sigma, "Standard deviation, for actions in [-1, 1]").Between(0, 1000);
  }
};

struct OrnsteinUhlenbeckNoise {
  static constexpr const char* kName = "ornstein_uhlenbeck";

  double sigma = 0.5;
  double theta = 0.15;
  double dt = 0.01;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("sigma", sigma, "Volatility: each step adds noise of standard deviation sigma sqrt(dt)")
        .Between(0, 1000);
    ar("theta", theta, "Rate of the decay towards 0, per unit of time").Between(0, 1);
    ar("dt", dt, "Time of the process per environment step").Between(0, 1);
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
  ExplorationNoise(const NoiseConfig& config, Index action_size, Index environments)
      : noise_(Eigen::MatrixXd::Zero(action_size, environments)) {
    if (const auto* walk = std::get_if<OrnsteinUhlenbeckNoise>(&config.process)) {
      decay_ = walk->theta * walk->dt;
      scale_ = walk->sigma * std::sqrt(walk->dt);
    } else {
      scale_ = std::get<GaussianNoise>(config.process).sigma;
    }
  }

  // Advances the noise of each environment. action ← clip(action + noise, ±1), for action [a, n].
  void AddTo(Rng& rng, MatrixRef action) {
    for (Index i = 0; i < noise_.size(); ++i) {
      double& n = noise_.data()[i];
      n = (1 - decay_) * n + scale_ * rng.Normal();
      Real& a = action.data()[i];
      a = std::clamp<Real>(a + static_cast<Real>(n), -1, 1);
    }
  }

  // Sets the noise of environment i to 0, at the end of its episode.
  void Reset(Index i) { noise_.col(i).setZero(); }

  void Serialize(const StateArchive& archive) { archive("noise", noise_); }

 private:
  // n ← (1 − decay) n + scale ε
  double decay_ = 1;
  double scale_ = 0;
  Eigen::MatrixXd noise_;  // [a, environments]
};

}  // namespace nabla::agent
