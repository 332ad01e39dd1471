#include "agent/tqc.h"

#include <algorithm>
#include <stdexcept>

#include "agent/map_output.h"

namespace nabla::agent {
namespace {

nn::NetworkConfig LinearOutput(const nn::NetworkConfig& config) {
  if (config.output == "auto" || config.output == "identity") return config;
  throw std::invalid_argument("agent.critic.output is " + config.output +
                              ", but quantiles are linear outputs; leave it at auto");
}

}  // namespace

Tqc::Tqc(const TqcConfig& config, Index observation_size, Index action_size, Rng& initialization,
         Workers& workers)
    : config_(config),
      actor_(config.actor, observation_size, action_size, config.optimizer,
             config.actor_learning_rate, config.batch_size, initialization),
      critics_({.network = LinearOutput(config.critic),
                .observation_size = observation_size,
                .action_size = action_size,
                .outputs = config.quantiles,
                .batch = config.batch_size,
                .optimizer = config.optimizer,
                .learning_rate = config.critic_learning_rate,
                .ensemble = {.size = config.critics, .actor = "mean"}},
               initialization, workers),
      temperature_(config.temperature, config.optimizer, action_size),
      levels_(config.quantiles),
      pool_(config.critics * config.quantiles, config.batch_size),
      y_mean_(1, config.batch_size),
      huber_(config.quantiles, config.critics),
      action_gradient_(action_size, config.batch_size),
      metrics_(config.batch_size, {"temperature", "entropy"}) {
  if (config.dropped_quantiles >= config.quantiles) {
    throw std::invalid_argument(
        "agent.dropped_quantiles is " + std::to_string(config.dropped_quantiles) +
        ", but must be below agent.quantiles, which is " + std::to_string(config.quantiles));
  }
  for (Index m = 0; m < levels_.size(); ++m) {
    levels_[m] = (static_cast<Real>(m) + Real(0.5)) / static_cast<Real>(levels_.size());
  }
}

ActTape Tqc::MakeActTape(Index n) const {
  return NewActTape(actor_.network(), critics_.network(0), config_.refine, n);
}

void Tqc::Act(const ConstMatrixRef& observation, Mode mode, Rng& rng, ActTape& tape,
              MatrixRef action) const {
  actor_.Act(observation, mode, rng, tape.actor, action);
  Refine(config_.refine, critics_.network(0), observation, mode, tape, action);
}

void Tqc::Update(Batch& batch, double progress, Rng& rng) {
  actor_.SetProgress(progress);
  critics_.SetProgress(progress);
  temperature_.SetProgress(progress);
  ++updates_;
  temperature_.Learn(actor_.Sample(batch, rng).log_probability());
  TruncatedTargets(batch, rng);
  const double loss = RegressQuantiles(batch);
  metrics_.AddCritics(updates_, loss, y_mean_, batch);
  ImproveActor(batch);
  critics_.Follow(config_.polyak_rate);
}

// The top K rows of pool_ become the targets y_j, in no order.
void Tqc::TruncatedTargets(Batch& batch, Rng& rng) {
  const SquashedGaussian& next = actor_.SampleNext(batch, rng);
  critics_.EvaluateTargets(batch, rng);
  const Index m = levels_.size(), k = pool_.rows() - config_.dropped_quantiles * config_.critics;
  for (std::size_t i = 0; i < critics_.size(); ++i) {
    pool_.middleRows(static_cast<Index>(i) * m, m) = critics_.target(i);
  }
  const auto alpha = static_cast<Real>(temperature_.alpha());
  for (Index b = 0; b < pool_.cols(); ++b) {
    Real* z = pool_.col(b).data();
    if (k < pool_.rows()) std::nth_element(z, z + k, z + pool_.rows());
    const Real surprise = alpha * next.log_probability()(0, b);
    auto kept = pool_.col(b).head(k);
    kept.array() = batch.reward()(0, b) + batch.discount()(0, b) * (kept.array() - surprise);
    y_mean_(0, b) = kept.mean();
  }
}

double Tqc::RegressQuantiles(Batch& batch) {
  const Index m = levels_.size(), k = pool_.rows() - config_.dropped_quantiles * config_.critics;
  const Real share = Real(1) / static_cast<Real>(pool_.cols() * m * k);
  return critics_.Regress(batch, [&](int i, const Matrix& theta, Matrix& cotangent) {
    double loss = 0;
    for (Index b = 0; b < theta.cols(); ++b) {
      loss += QuantileHuber(levels_, theta.col(b).data(), pool_.col(b).data(), k,
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

// Descends 1/B Σ (α log π(a|s) − 1/(N M) Σ_i,m θ_i,m(s, a))             (Kuznetsov et al., eq. 12)
void Tqc::ImproveActor(Batch& batch) {
  const double alpha = temperature_.alpha();
  const SquashedGaussian& sample = actor_.sample();
  batch.action() = sample.action();
  const double value = critics_.DescendInAction(batch, action_gradient_);
  actor_.Descend(alpha, action_gradient_);
  const double entropy = -static_cast<double>(sample.log_probability().mean());
  metrics_.AddActor(updates_, value + alpha * entropy, action_gradient_, sample.action());
  metrics_.AddOwn(kTemperature, alpha);
  metrics_.AddOwn(kEntropy, entropy);
}

double Tqc::ValueBound(double reward) const {
  return (reward + temperature_.alpha() * actor_.NextSurprise()) / (1 - config_.gamma);
}

std::vector<NamedNetwork> Tqc::Inspect() const {
  const Index m = levels_.size();
  const Matrix expectation = Matrix::Constant(1, m, Real(1) / static_cast<Real>(m));
  std::vector<NamedNetwork> networks = {{"actor", actor_.MeanPolicy()}};
  for (std::size_t i = 0; i < critics_.size(); ++i) {
    networks.push_back(
        {"critics." + std::to_string(i), MapOutput(critics_.network(i), expectation, "identity")});
  }
  return networks;
}

void Tqc::Networks(const StateArchive& archive) {
  actor_.AddNetworks(archive);
  critics_.AddNetworks(archive);
  temperature_.AddNetworks(archive);
}

void Tqc::State(const StateArchive& archive) {
  Networks(archive);
  archive("updates", updates_);
  actor_.State(archive);
  critics_.State(archive);
  temperature_.State(archive);
}

}  // namespace nabla::agent
