// UpdateMetrics: the metrics of the updates of every algorithm (formulas in docs/metrics.md).
//
// Means and losses are computed at every update. Metrics that need another pass over the data
// (quantiles, norms of columns) are computed only at every 16th update, to keep their cost low.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/replay/batch.h"

namespace nabla::agent {

// A quantity that an update reports. The log contains its mean since the last report.
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
  // `own`: the names of further metrics of the algorithm.
  explicit UpdateMetrics(Index batch, const std::vector<std::string>& own = {});

  // Adds the critics' loss, their target y [1, B] and the td_error |Q_1 − y| of the batch.
  // `updates` is the number of this update.
  void AddCritics(std::int64_t updates, double loss, const Matrix& y, Batch& batch);

  // Adds the actor's objective, action_gradient [a, B] = −1/B ∇_a Q and the actions [a, B] of the
  // policy in the same update.
  void AddActor(double objective, const Matrix& action_gradient, const ConstMatrixRef& action);

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
  std::vector<Real> sorted_;  // work memory for the quantiles
  bool is_sampled_ = false;   // whether this update is a 16th one
  double target_size_ = 0;
};

}  // namespace nabla::agent
