#include "agent/algorithms/tqc.h"

#include <algorithm>
#include <stdexcept>

namespace nabla::agent {
namespace {

const TqcConfig& RequireLinearQuantiles(const TqcConfig& config) {
  if (config.critic.output != "auto" && config.critic.output != "identity") {
    throw std::invalid_argument(
        "agent.critic.output is " + config.critic.output +
        ", but quantiles need linear outputs; remove the key or set it to auto");
  }
  if (config.dropped_quantiles >= config.quantiles) {
    throw std::invalid_argument(
        "agent.dropped_quantiles is " + std::to_string(config.dropped_quantiles) +
        ", but must be below agent.quantiles, which is " + std::to_string(config.quantiles));
  }
  return config;
}

}  // namespace

Tqc::Tqc(const TqcConfig& config, const AgentContext& context)
    : Agent({config_, policy_, critics_, metrics_}),
      config_(config),
      policy_(NewPolicy(Policy::Kind::kSquashedGaussian, config, context)),
      actor_(policy_.network(),
             context.NewOptimizer(config, config.actor_learning_rate, policy_.network()),
             config.batch_size),
      critics_(RequireLinearQuantiles(config),
               {.size = config.critics, .actor = ActorReduction::kMean}, context, config.quantiles),
      temperature_(config.temperature, config.optimizer, context.action_size()),
      metrics_(config.batch_size, GaussianActor::kMetrics),
      kept_(config.critics * (config.quantiles - config.dropped_quantiles)),
      levels_(config.quantiles),
      pool_(config.critics * config.quantiles, config.batch_size),
      y_mean_(1, config.batch_size),
      huber_(config.quantiles, config.critics) {
  for (Index m = 0; m < levels_.size(); ++m) {
    levels_[m] = (static_cast<Real>(m) + Real(0.5)) / static_cast<Real>(levels_.size());
  }
}

void Tqc::Update(Batch& batch, double progress, Rng& rng) {
  actor_.SetProgress(progress);
  critics_.SetProgress(progress);
  temperature_.SetProgress(progress);
  NormalizeObservations(policy_, batch);
  ++updates_;

  // log α: descend −log α · 1/B Σ (log π(a|s) + H̄),  a ~ π(·|s)
  temperature_.Learn(actor_.Sample(batch, rng).log_probability());

  // y_j = r + discount · (z'_(j) − α log π(a'|s')),  a' ~ π(·|s'),  where z' are the pooled
  // quantiles of all θ_i'(s', a') without the d N largest
  const SquashedGaussian& next = actor_.SampleNext(batch, rng);
  critics_.EvaluateTargets(batch, rng);
  TruncatedTargets(batch, next);

  // θ_i: descend 1/(B M K) Σ_b,m,j ρ_m(y_j − θ_i,m)                                     (eq. 5)
  const double loss = RegressQuantiles(batch);
  metrics_.AddCritics(updates_, loss, y_mean_, batch);

  // π: descend 1/B Σ (α log π(a|s) − 1/(N M) Σ_i,m θ_i,m(s, a))
  actor_.Learn(temperature_.alpha(), critics_, batch, metrics_);

  // θ_i' ← (1 − τ) θ_i' + τ θ_i
  critics_.Follow(config_.polyak_rate);
}

// Pools the N M quantiles of each sample. The K smallest become the targets y_j, the top K rows of
// pool_, in unspecified order.
void Tqc::TruncatedTargets(Batch& batch, const SquashedGaussian& next) {
  const Index m = levels_.size();
  for (std::size_t i = 0; i < critics_.size(); ++i) {
    pool_.middleRows(static_cast<Index>(i) * m, m) = critics_.target(i);
  }
  const auto alpha = static_cast<Real>(temperature_.alpha());
  for (Index b = 0; b < pool_.cols(); ++b) {
    Real* z = pool_.col(b).data();
    // Values that are not finite have no order. The trainer detects them in y.
    if (kept_ < pool_.rows() && pool_.col(b).allFinite()) {
      std::nth_element(z, z + kept_, z + pool_.rows());
    }
    const Real surprise = alpha * next.log_probability()(0, b);
    auto kept = pool_.col(b).head(kept_);
    kept.array() = batch.reward()(0, b) + batch.discount()(0, b) * (kept.array() - surprise);
    y_mean_(0, b) = kept.mean();
  }
}

double Tqc::RegressQuantiles(Batch& batch) {
  const Index m = levels_.size();
  const Real share = Real(1) / static_cast<Real>(pool_.cols() * m * kept_);
  return critics_.Regress(
      batch, [&](int i, const Matrix& theta, Matrix& cotangent, Matrix* curvature) {
        double loss = 0;
        for (Index b = 0; b < theta.cols(); ++b) {
          loss += QuantileHuber(levels_, theta.col(b).data(), pool_.col(b).data(), kept_,
                                share * batch.weight()(0, b), huber_.col(i).data(),
                                cotangent.col(b).data());
        }
        if (curvature != nullptr) QuantileHuberCurvature(theta, share, batch, *curvature);
        if (i == 0) batch.td_error() = (theta.colwise().mean() - y_mean_).cwiseAbs();
        return loss;
      });
}

// curvature [M, B] = ∂²L/∂θ_m²: the sum of |τ_m − 1(δ < 0)| over the targets with |δ| ≤ 1, times
// the weight of the sample.
void Tqc::QuantileHuberCurvature(const Matrix& theta, Real share, Batch& batch,
                                 Matrix& curvature) const {
  for (Index b = 0; b < theta.cols(); ++b) {
    for (Index m = 0; m < theta.rows(); ++m) {
      const auto delta = pool_.col(b).head(kept_).array() - theta(m, b);
      const auto near = (delta.abs() <= 1).template cast<Real>();
      const Real above = (near * (delta >= 0).template cast<Real>()).sum();
      const Real below = near.sum() - above;
      curvature(m, b) =
          share * batch.weight()(0, b) * (levels_[m] * above + (1 - levels_[m]) * below);
    }
  }
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
      // H(δ) = c (δ − c/2) and H'(δ) = c, where c = clip(δ, ±1)
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

void Tqc::SerializeNetworks(const StateArchive& archive) {
  policy_.Serialize(archive);
  critics_.SerializeNetworks(archive);
  temperature_.SerializeNetworks(archive);
}

void Tqc::Serialize(const StateArchive& archive) {
  SerializeNetworks(archive);
  archive.Between("updates", updates_, 0, kMaxCount);
  actor_.Serialize(archive);
  critics_.SerializeOptimizers(archive);
  temperature_.SerializeOptimizer(archive);
}

}  // namespace nabla::agent
