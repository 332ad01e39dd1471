// UpdateMetrics: what every algorithm reports of its updates (docs/metrics.md has the formulas).
//
// Means and losses are taken at every update. What would cost a pass of its own (quantiles, norms
// column by column) is taken at every 16th, so that watching costs next to nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/replay/batch.h"

namespace nabla::agent {

// A quantity that an update reports; its mean since the last report is logged.
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

class UpdateMetrics {
 public:
  // `own`: the names of what an algorithm reports beyond the shared ones.
  explicit UpdateMetrics(Index batch, const std::vector<std::string>& own = {});

  // Of the update that is the `updates`-th: the critics' loss, their target y [1, B] and |Q_1 − y|
  // in the batch's td_error.
  void AddCritics(std::int64_t updates, double loss, const Matrix& y, Batch& batch);

  // The actor's objective, action_gradient [a, B] = −1/B ∇_a Q, and the policy's actions [a, B].
  void AddActor(std::int64_t updates, double objective, const Matrix& action_gradient,
                const ConstMatrixRef& action);

  void AddOwn(std::size_t i, double value) { list_[kShared + i].Add(value); }

  // 1/B Σ |y_b| of the last update.
  double target_size() const { return target_size_; }

  std::vector<Metric>& list() { return list_; }
  const std::vector<Metric>& list() const { return list_; }

 private:
  enum {
    kCriticLoss,
    kActorObjective,
    kQMean,
    kTdMedian,
    kTdHigh,
    kActionGradient,
    kSaturated,
    kShared
  };

  std::vector<Metric> list_;
  std::vector<Real> sorted_;  // scratch of the quantiles
  double target_size_ = 0;
};

}  // namespace nabla::agent
