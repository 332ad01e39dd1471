// Analysis: what the results of an experiment say. Tables, plots and report only show it.
//
// Three measures of a run, each kept apart (R is the mean return of an evaluation):
//
//   final     R of the last evaluation
//   best      R of the best checkpoint, played anew on episodes that did not choose it (best.h)
//   average   mean of R over all evaluations: how fast it learned
//
// Runs that are finished count. One that failed counts with statistics.failed_score where the
// experiment sets that, and else not; it always counts in the share that reached a threshold.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/experiment/execution/results.h"
#include "apps/experiment/plan/plan.h"
#include "apps/experiment/statistics/statistics.h"

namespace nabla::experiment {

// The first evaluation with a score at or above a threshold.
struct Crossing {
  std::int64_t steps = 0;
  double seconds = 0;
};

struct UnitSummary {
  std::optional<double> final_return;
  std::optional<double> best_return;
  std::optional<double> average_return;
  std::optional<double> chosen_return;             // the highest R, which chose the best checkpoint
  std::vector<std::optional<Crossing>> crossings;  // a threshold of the plan each
};

struct Measure {
  const char* name;
  const char* meaning;
  std::optional<double> UnitSummary::*total_reward;
};

inline constexpr std::array<Measure, 3> kMeasures = {{
    {"final", "last evaluation", &UnitSummary::final_return},
    {"best", "best checkpoint, played anew on other episodes", &UnitSummary::best_return},
    {"average", "mean over all evaluations", &UnitSummary::average_return},
}};
inline constexpr std::size_t kFinal = 0;  // what is ranked, profiled and compared in pairs
inline constexpr std::size_t kBest = 1;

// The statistics of an AggregateIntervals by name.
struct Statistic {
  const char* name;
  const char* title;
  Interval AggregateIntervals::*interval;
};

inline constexpr std::array<Statistic, 4> kStatistics = {{
    {"iqm", "IQM", &AggregateIntervals::iqm},
    {"median", "Median", &AggregateIntervals::median},
    {"mean", "Mean", &AggregateIntervals::mean},
    {"optimality_gap", "Optimality gap", &AggregateIntervals::optimality_gap},
}};

struct Aggregated {
  std::size_t runs = 0;
  bool has_interval = false;  // a single run of each task says nothing of the spread
  AggregateIntervals values;
};

struct MeasureResult {
  std::optional<Aggregated> scores;                // over all tasks; none while a task has no run
  std::vector<std::optional<Aggregated>> returns;  // a task each
};

struct ThresholdResult {
  std::size_t reached = 0;
  std::size_t runs = 0;  // that finished or failed
  Interval share;
  Interval steps;  // median over those runs; infinite for one that never got there
  Interval seconds;
};

// Interquartile mean by steps. Runs that were evaluated at other steps count with their last
// evaluation before.
struct Curve {
  std::vector<std::int64_t> steps;
  std::vector<Interval> band;
};

struct ConfigurationResult {
  std::size_t finished = 0, failed = 0, left = 0;  // units
  std::array<MeasureResult, kMeasures.size()> measures;
  std::vector<ThresholdResult> thresholds;
  Curve scores;                   // over all tasks
  std::vector<Curve> returns;     // a task each
  std::vector<Interval> profile;  // share of runs with a final score above taus[k]
};

struct Improvement {
  std::size_t x = 0, y = 0;  // configurations
  Interval probability;      // that a run of x has a higher final score than one of y
};

struct Analysis {
  Plan plan;
  std::vector<UnitResult> results;  // a unit of the plan each, and so are
  std::vector<UnitSummary> units;
  std::vector<ConfigurationResult> configurations;
  std::vector<std::size_t> ranking;  // configurations by their final IQM, those without one last
  std::vector<double> taus;
  std::vector<Improvement> improvements;  // each pair once, x before y in the ranking

  std::size_t finished = 0, failed = 0, left = 0;  // units

  const std::string& NameOf(std::size_t configuration) const {
    return plan.configurations[configuration].name;
  }
  // "return" or "score": what the experiment averages.
  const char* quantity() const { return plan.scored() ? "score" : "return"; }
  // P(X > Y), whichever way round it was computed; nothing if it was not.
  std::optional<Interval> ImprovementOf(std::size_t x, std::size_t y) const;
};

// Pairs are computed among so many configurations, the first of the ranking.
inline constexpr std::size_t kMostPaired = 20;

// `threads` share the work; the result does not depend on their number.
Analysis Analyze(Plan plan, std::vector<UnitResult> results, int threads = 1);

}  // namespace nabla::experiment
