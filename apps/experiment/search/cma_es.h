// CMA-ES: covariance matrix adaptation evolution strategy (Hansen 2016, "The CMA Evolution
// Strategy: A Tutorial", arXiv:1604.00772; figure 6 with the parameters of table 1, negative
// weights included).
//
//   Ask:   x_i = m + σ y_i,  y_i ~ N(0, C),  i = 1 … λ
//   Tell:  m ← m + σ Σ_{i≤μ} w_i y_{i:λ},  where i:λ is the i-th best candidate;
//          σ and C follow the evolution paths p_σ, p_c and the best steps y_{i:λ}
//
// It minimises, and uses only the order of the values.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "envs/core/random.h"

namespace nabla::experiment {

class CmaEs {
 public:
  // Starts at `mean` with steps of about `sigma`; a population of 0 is 4 + ⌊3 ln n⌋.
  CmaEs(const Eigen::VectorXd& mean, double sigma, std::uint64_t seed, int population = 0);

  // The next generation, [n, λ], one candidate per column.
  const Eigen::MatrixXd& Ask();

  // The λ values of the candidates: lower is better, infinity worse than that and NaN the worst.
  // Ties are broken by the order of the candidates.
  void Tell(const std::vector<double>& values);

  const Eigen::MatrixXd& candidates() const { return candidates_; }  // of the last Ask
  int population() const { return population_; }
  const Eigen::VectorXd& mean() const { return mean_; }
  double sigma() const { return sigma_; }
  const Eigen::MatrixXd& covariance() const { return covariance_; }

 private:
  void SetWeights();
  void Decompose();

  int n_;
  int population_;                       // λ
  int parents_;                          // μ
  Eigen::VectorXd weights_;              // [λ], the first μ sum up to 1
  double mu_eff_ = 0;                    // 1 / Σ_{i≤μ} w_i²
  double c_sigma_ = 0, d_sigma_ = 0;     // of the step size
  double c_c_ = 0, c_1_ = 0, c_mu_ = 0;  // of the covariance
  double expected_norm_ = 0;             // E‖N(0, I)‖

  Rng rng_;
  int generation_ = 0;
  Eigen::VectorXd mean_;
  double sigma_;
  Eigen::MatrixXd covariance_;    // C = B D² Bᵀ
  Eigen::MatrixXd root_;          // B D
  Eigen::MatrixXd inverse_root_;  // C^(−1/2) = B D⁻¹ Bᵀ
  Eigen::VectorXd path_sigma_, path_c_;
  Eigen::MatrixXd steps_;       // y, [n, λ]
  Eigen::MatrixXd candidates_;  // x, [n, λ]
};

}  // namespace nabla::experiment
