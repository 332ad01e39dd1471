#include "agent/learning/update_metrics.h"

#include <algorithm>

namespace nabla::agent {
namespace {

constexpr std::int64_t kPeriod = 16;
constexpr Real kSaturation = Real(0.99);

// The element at the fraction p of the sorted list, with the index rounded down.
double Quantile(std::vector<Real>& values, double p) {
  const auto at = static_cast<std::ptrdiff_t>(p * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return static_cast<double>(values[static_cast<std::size_t>(at)]);
}

}  // namespace

UpdateMetrics::UpdateMetrics(Index batch, const std::vector<std::string>& own)
    : list_{{"critic_loss"}, {"actor_objective"}, {"q_mean"},           {"td_median"},
            {"td_high"},     {"dq_da_norm"},      {"saturated_actions"}},
      sorted_(static_cast<std::size_t>(batch)) {
  for (const std::string& name : own) list_.push_back({name});
}

void UpdateMetrics::AddCritics(std::int64_t updates, double loss, const Matrix& y, Batch& batch) {
  list_[kCriticLoss].Add(loss);
  list_[kQMean].Add(static_cast<double>(y.mean()));
  target_size_ = static_cast<double>(y.cwiseAbs().mean());
  const Matrix& error = batch.td_error();
  is_sampled_ = updates % kPeriod == 0;
  // Values that are not finite have no order. The loss reports them.
  if (!is_sampled_ || !error.allFinite()) return;
  std::copy(error.data(), error.data() + error.size(), sorted_.begin());
  list_[kTdMedian].Add(Quantile(sorted_, 0.5));
  list_[kTdHigh].Add(Quantile(sorted_, 0.9));
}

void UpdateMetrics::AddActor(double objective, const Matrix& action_gradient,
                             const ConstMatrixRef& action) {
  list_[kActorObjective].Add(objective);
  if (!is_sampled_) return;
  // Each column is −∇_a Q / B, so the sum of the norms is their mean.
  list_[kActionGradient].Add(static_cast<double>(action_gradient.colwise().norm().sum()));
  list_[kSaturated].Add(static_cast<double>((action.array().abs() > kSaturation).count()) /
                        static_cast<double>(action.size()));
}

}  // namespace nabla::agent
