#include "apps/experiment/statistics/analysis.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "agent/learning/workers.h"

namespace nabla::experiment {
namespace {

constexpr std::size_t kMostPoints = 200;  // of a curve
constexpr std::size_t kTaus = 101;
constexpr double kNever = std::numeric_limits<double>::infinity();

UnitSummary Summarize(const Plan& plan, const Unit& unit, const UnitResult& result) {
  UnitSummary summary;
  summary.crossings.resize(plan.thresholds.size());
  const std::vector<double>& returns = result.returns;
  if (returns.empty()) return summary;
  if (result.state == UnitState::kFinished) {
    summary.final_return = returns.back();
    summary.chosen_return = *std::max_element(returns.begin(), returns.end());
    summary.average_return =
        std::accumulate(returns.begin(), returns.end(), 0.0) / static_cast<double>(returns.size());
    if (result.best) summary.best_return = result.best->total_reward;
  }
  for (std::size_t k = 0; k < plan.thresholds.size(); ++k) {
    for (std::size_t i = 0; i < returns.size(); ++i) {
      if (plan.tasks[unit.task].Score(returns[i]) < plan.thresholds[k]) continue;
      summary.crossings[k] = {result.steps[i], result.seconds[i]};
      break;
    }
  }
  return summary;
}

// The units of one configuration, task by task.
class Runs {
 public:
  Runs(const Analysis& all, std::size_t configuration)
      : all_(all), plan_(all.plan), units_(plan_.tasks.size()) {
    for (std::size_t i = 0; i < plan_.units.size(); ++i) {
      const Unit& unit = plan_.units[i];
      if (unit.configuration == configuration) units_[unit.task].push_back(i);
    }
  }

  // The returns of one task by a measure.
  std::vector<double> Returns(const Measure& measure, std::size_t task) const {
    std::vector<double> returns;
    for (const std::size_t i : units_[task]) {
      if (const auto& total_reward = all_.units[i].*measure.total_reward) {
        returns.push_back(*total_reward);
      } else if (FailedCounts(i)) {
        returns.push_back(plan_.tasks[task].Return(*plan_.statistics.failed_score));
      }
    }
    return returns;
  }

  // The scores of all tasks. Empty while a task has no run, and for several tasks without scores.
  Scores ScoresOf(const Measure& measure) const {
    Scores scores;
    if (!plan_.averages()) return scores;
    for (std::size_t t = 0; t < units_.size(); ++t) {
      scores.push_back(Returns(measure, t));
      if (scores.back().empty()) return {};
      for (double& value : scores.back()) value = plan_.tasks[t].Score(value);
    }
    return scores;
  }

  ThresholdResult Threshold(std::size_t k, const Bootstrap& bootstrap) const {
    ThresholdResult result;
    Scores steps, seconds;
    for (const auto& task : units_) {
      std::vector<double> task_steps, task_seconds;
      for (const std::size_t i : task) {
        const UnitState state = all_.results[i].state;
        if (state != UnitState::kFinished && state != UnitState::kFailed) continue;
        const std::optional<Crossing>& crossing = all_.units[i].crossings[k];
        if (crossing) ++result.reached;
        task_steps.push_back(crossing ? static_cast<double>(crossing->steps) : kNever);
        task_seconds.push_back(crossing ? crossing->seconds : kNever);
      }
      result.runs += task_steps.size();
      if (task_steps.empty()) continue;
      steps.push_back(std::move(task_steps));
      seconds.push_back(std::move(task_seconds));
    }
    if (result.runs == 0) return result;
    result.share = Share(result.reached, result.runs, bootstrap.confidence);
    result.steps = MedianOfRuns(steps, bootstrap);
    result.seconds = MedianOfRuns(seconds, bootstrap);
    return result;
  }

  // The curve over `tasks`, of scores or of returns.
  Curve CurveOf(const std::vector<std::size_t>& tasks, bool as_scores,
                const Bootstrap& bootstrap) const {
    std::vector<std::vector<std::size_t>> runs;
    for (const std::size_t t : tasks) {
      runs.emplace_back();
      for (const std::size_t i : units_[t]) {
        const bool finished = all_.results[i].state == UnitState::kFinished;
        if (finished || FailedCounts(i)) runs.back().push_back(i);
      }
      if (runs.back().empty()) return {};
    }
    Curve curve;
    curve.steps = Grid(runs);
    std::vector<Scores> points;
    for (const std::int64_t step : curve.steps) {
      Scores& scores = points.emplace_back();
      for (std::size_t k = 0; k < tasks.size(); ++k) {
        scores.emplace_back();
        for (const std::size_t i : runs[k]) {
          const double total_reward = ReturnAt(i, step);
          scores.back().push_back(as_scores ? plan_.tasks[tasks[k]].Score(total_reward)
                                            : total_reward);
        }
      }
    }
    curve.band = SampleEfficiency(points, bootstrap);
    return curve;
  }

 private:
  bool FailedCounts(std::size_t i) const {
    return all_.results[i].state == UnitState::kFailed && plan_.statistics.failed_score.has_value();
  }

  double ReturnAt(std::size_t i, std::int64_t step) const {
    const UnitResult& result = all_.results[i];
    const auto after = std::upper_bound(result.steps.begin(), result.steps.end(), step);
    const bool is_over = after == result.steps.end() && step > result.last_step;
    if (FailedCounts(i) && (is_over || after == result.steps.begin())) {
      return plan_.tasks[plan_.units[i].task].Return(*plan_.statistics.failed_score);
    }
    return result.returns[static_cast<std::size_t>(after - result.steps.begin()) - 1];
  }

  // The steps at which a run was evaluated, between the latest first and the earliest last
  // evaluation of all runs; at most kMostPoints of them.
  std::vector<std::int64_t> Grid(const std::vector<std::vector<std::size_t>>& runs) const {
    std::set<std::int64_t> all;
    std::int64_t first = 0, last = std::numeric_limits<std::int64_t>::max();
    for (const auto& task : runs) {
      for (const std::size_t i : task) {
        const auto& steps = all_.results[i].steps;
        if (all_.results[i].state == UnitState::kFailed) continue;
        all.insert(steps.begin(), steps.end());
        first = std::max(first, steps.front());
        last = std::min(last, steps.back());
      }
    }
    if (first > last) return {};
    std::vector<std::int64_t> steps(all.lower_bound(first), all.upper_bound(last));
    if (steps.size() <= kMostPoints) return steps;
    std::vector<std::int64_t> thinned;
    for (std::size_t k = 0; k < kMostPoints; ++k) {
      thinned.push_back(steps[k * (steps.size() - 1) / (kMostPoints - 1)]);
    }
    return thinned;
  }

  const Analysis& all_;
  const Plan& plan_;
  std::vector<std::vector<std::size_t>> units_;  // indices of the plan's units, by task
};

std::optional<Aggregated> AggregateRuns(const Scores& scores, const Bootstrap& bootstrap) {
  if (scores.empty()) return std::nullopt;
  Aggregated result;
  for (const auto& task : scores) {
    if (task.empty()) return std::nullopt;
    result.runs += task.size();
  }
  result.values = AggregateWithIntervals(scores, bootstrap);
  return result;
}

void AnalyzeConfiguration(const Analysis& all, std::size_t c, ConfigurationResult& result) {
  const Plan& plan = all.plan;
  const auto& [confidence, repetitions, band_repetitions, seed, failed] = plan.statistics;
  const Bootstrap bootstrap{repetitions, confidence, seed};
  const Bootstrap bands{band_repetitions, confidence, seed};
  const Runs runs(all, c);
  for (std::size_t m = 0; m < kMeasures.size(); ++m) {
    MeasureResult& measure = result.measures[m];
    measure.scores = AggregateRuns(runs.ScoresOf(kMeasures[m]), bootstrap);
    for (std::size_t t = 0; t < plan.tasks.size(); ++t) {
      measure.returns.push_back(plan.returns_are_scores()
                                    ? measure.scores
                                    : AggregateRuns({runs.Returns(kMeasures[m], t)}, bootstrap));
    }
  }
  for (std::size_t k = 0; k < plan.thresholds.size(); ++k) {
    result.thresholds.push_back(runs.Threshold(k, bootstrap));
  }
  std::vector<std::size_t> tasks(plan.tasks.size());
  std::iota(tasks.begin(), tasks.end(), std::size_t{0});
  if (plan.averages()) result.scores = runs.CurveOf(tasks, true, bands);
  for (const std::size_t t : tasks) {
    result.returns.push_back(plan.returns_are_scores() ? result.scores
                                                       : runs.CurveOf({t}, false, bands));
  }
  const Scores scores = runs.ScoresOf(kMeasures[kFinal]);
  if (!scores.empty()) result.profile = PerformanceProfile(scores, all.taus, bands);
}

std::optional<double> FinalIqm(const ConfigurationResult& result) {
  const auto& scores = result.measures[kFinal].scores;
  return scores ? std::optional<double>(scores->values.iqm.value) : std::nullopt;
}

std::vector<std::size_t> Rank(const std::vector<ConfigurationResult>& configurations) {
  std::vector<std::size_t> order(configurations.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return IsBetter(FinalIqm(configurations[a]).value_or(-kNever),
                    FinalIqm(configurations[b]).value_or(-kNever));
  });
  return order;
}

// Thresholds of the profile, from the lowest to the highest final score of all runs.
std::vector<double> Taus(const Analysis& all) {
  double low = kNever, high = -kNever;
  for (std::size_t c = 0; c < all.plan.configurations.size(); ++c) {
    for (const auto& task : Runs(all, c).ScoresOf(kMeasures[kFinal])) {
      for (const double score : task) low = std::min(low, score), high = std::max(high, score);
    }
  }
  if (low > high) return {};
  const double margin = high > low ? (high - low) / 40 : 1;
  std::vector<double> taus;
  for (std::size_t k = 0; k < kTaus; ++k) {
    taus.push_back(low - margin + (high - low + 2 * margin) * static_cast<double>(k) / (kTaus - 1));
  }
  return taus;
}

void Pair(Analysis& all, agent::Workers& workers) {
  std::vector<std::size_t> ranked;
  std::vector<Scores> scores;
  for (const std::size_t c : all.ranking) {
    if (ranked.size() == kMostPaired || !FinalIqm(all.configurations[c])) break;
    ranked.push_back(c);
    scores.push_back(Runs(all, c).ScoresOf(kMeasures[kFinal]));
  }
  const StatisticsConfig& config = all.plan.statistics;
  const Bootstrap bootstrap{config.repetitions, config.confidence, config.seed};
  std::vector<std::array<std::size_t, 2>> pairs;
  for (std::size_t x = 0; x < ranked.size(); ++x) {
    for (std::size_t y = x + 1; y < ranked.size(); ++y) pairs.push_back({x, y});
  }
  all.improvements.resize(pairs.size());
  workers.ForEach(static_cast<int>(pairs.size()), [&](int k) {
    const auto& [x, y] = pairs[static_cast<std::size_t>(k)];
    all.improvements[static_cast<std::size_t>(k)] = {
        ranked[x], ranked[y], ProbabilityOfImprovement(scores[x], scores[y], bootstrap)};
  });
}

}  // namespace

void UnitCounts::Add(UnitState state) {
  ++(state == UnitState::kFinished ? finished : state == UnitState::kFailed ? failed : left);
}

std::vector<Statistic> InformativeStatistics(const Plan& plan) {
  std::vector<Statistic> statistics(kStatistics.begin(), kStatistics.end());
  std::erase_if(statistics, [&](const Statistic& statistic) {
    return (statistic.needs_optimum && !plan.scored()) ||
           (statistic.needs_tasks && plan.tasks.size() == 1);
  });
  return statistics;
}

std::optional<Interval> Analysis::ImprovementOf(std::size_t x, std::size_t y) const {
  for (const Improvement& pair : improvements) {
    const Interval& p = pair.probability;
    if (pair.x == x && pair.y == y) return p;
    if (pair.x == y && pair.y == x) return Interval{1 - p.value, 1 - p.high, 1 - p.low};
  }
  return std::nullopt;
}

Analysis Analyze(Plan plan, std::vector<UnitResult> results, int threads) {
  Analysis all;
  all.plan = std::move(plan);
  all.results = std::move(results);
  for (std::size_t i = 0; i < all.plan.units.size(); ++i) {
    all.units.push_back(Summarize(all.plan, all.plan.units[i], all.results[i]));
  }
  all.taus = Taus(all);
  all.configurations.resize(all.plan.configurations.size());
  agent::Workers workers(threads);
  workers.ForEach(static_cast<int>(all.configurations.size()), [&](int c) {
    const auto index = static_cast<std::size_t>(c);
    AnalyzeConfiguration(all, index, all.configurations[index]);
  });
  for (std::size_t i = 0; i < all.plan.units.size(); ++i) {
    all.counts.Add(all.results[i].state);
    all.configurations[all.plan.units[i].configuration].counts.Add(all.results[i].state);
  }
  all.ranking = Rank(all.configurations);
  Pair(all, workers);
  return all;
}

}  // namespace nabla::experiment
