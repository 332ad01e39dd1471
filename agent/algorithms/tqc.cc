#include "agent/algorithms/tqc.h"

#include <algorithm>
#include <stdexcept>

namespace nabla::agent {
namespace {

// Critics whose outputs are the quantiles.
Critics::Options QuantileCritics(const TqcConfig& config, Index observation_size,
                                 Index action_size) {
  if (config.critic.output != "auto" && config.critic.output != "identity") {
    throw std::invalid_argument("agent.critic.output is " + config.critic.output +
                                ", but quantiles are linear outputs; leave it at auto");
  }
  Critics::Options options = config.CriticOptions(observation_size, action_size,
                                                  {.size = config.critics, .actor = "mean"});
  options.outputs = config.quantiles;
  return options;
}

}  // namespace

Tqc::Tqc(const TqcConfig& config, Index observation_size, Index action_size, Rng& initialization,
         Workers& workers)
    : StochasticAgent(config, QuantileCritics(config, observation_size, action_size),
                      initialization, workers),
      kept_(config.critics * (config.quantiles - config.dropped_quantiles)),
      levels_(config.quantiles),
      pool_(config.critics * config.quantiles, config.batch_size),
      y_mean_(1, config.batch_size),
      huber_(config.quantiles, config.critics) {
  if (config.dropped_quantiles >= config.quantiles) {
    throw std::invalid_argument(
        "agent.dropped_quantiles is " + std::to_string(config.dropped_quantiles) +
        ", but must be below agent.quantiles, which is " + std::to_string(config.quantiles));
  }
  for (Index m = 0; m < levels_.size(); ++m) {
    levels_[m] = (static_cast<Real>(m) + Real(0.5)) / static_cast<Real>(levels_.size());
  }
}

void Tqc::Update(Batch& batch, double progress, Rng& rng) {
  SetProgress(progress);
  ++updates_;
  temperature_.Learn(actor_.Sample(batch, rng).log_probability());
  TruncatedTargets(batch, rng);
  const double loss = RegressQuantiles(batch);
  metrics_.AddCritics(updates_, loss, y_mean_, batch);
  LearnActor(batch);
  critics_.Follow(polyak_rate_);
}

// The top K rows of pool_ become the targets y_j, in no order.
void Tqc::TruncatedTargets(Batch& batch, Rng& rng) {
  const SquashedGaussian& next = actor_.SampleNext(batch, rng);
  critics_.EvaluateTargets(batch, rng);
  const Index m = levels_.size();
  for (std::size_t i = 0; i < critics_.size(); ++i) {
    pool_.middleRows(static_cast<Index>(i) * m, m) = critics_.target(i);
  }
  const auto alpha = static_cast<Real>(temperature_.alpha());
  for (Index b = 0; b < pool_.cols(); ++b) {
    Real* z = pool_.col(b).data();
    if (kept_ < pool_.rows()) std::nth_element(z, z + kept_, z + pool_.rows());
    const Real surprise = alpha * next.log_probability()(0, b);
    auto kept = pool_.col(b).head(kept_);
    kept.array() = batch.reward()(0, b) + batch.discount()(0, b) * (kept.array() - surprise);
    y_mean_(0, b) = kept.mean();
  }
}

double Tqc::RegressQuantiles(Batch& batch) {
  const Index m = levels_.size();
  const Real share = Real(1) / static_cast<Real>(pool_.cols() * m * kept_);
  return critics_.Regress(batch, [&](int i, const Matrix& theta, Matrix& cotangent) {
    double loss = 0;
    for (Index b = 0; b < theta.cols(); ++b) {
      loss += QuantileHuber(levels_, theta.col(b).data(), pool_.col(b).data(), kept_,
                            share * batch.weight()(0, b), huber_.col(i).data(),
                            cotangent.col(b).data());
    }
    if (i == 0) batch.td_error() = (theta.colwise().mean() - y_mean_).cwiseAbs();
    return loss;
  });
}

double QuantileHuber(const Vector& levels, const Real* theta, const Real* y, Index k, Real weight,
                     Real* losses, Real* cotangent) {
  const Index m = levels.size();
  std::fill(losses, losses + m, Real(0));
  std::fill(cotangent, cotangent + m, Real(0));
  const Real* __restrict tau = levels.data();
  const Real* __restrict quantile = theta;
  Real* __restrict loss = losses;
  Real* __restrict slope = cotangent;
  for (Index j = 0; j < k; ++j) {
    for (Index i = 0; i < m; ++i) {
      const Real delta = y[j] - quantile[i];
      const Real side = delta < 0 ? 1 - tau[i] : tau[i];
      const Real low = delta > -1 ? delta : Real(-1);
      const Real clipped = low < 1 ? low : Real(1);
      // H(δ) = c (δ − c/2), c the clipped δ; H'(δ) = c
      loss[i] += side * clipped * (delta - Real(0.5) * clipped);
      slope[i] -= side * clipped;
    }
  }
  double sum = 0;
  for (Index i = 0; i < m; ++i) {
    sum += static_cast<double>(loss[i]);
    slope[i] *= weight;
  }
  return static_cast<double>(weight) * sum;
}

}  // namespace nabla::agent
