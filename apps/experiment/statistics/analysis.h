// Analysis: the statistics of an experiment's results, which tables, plots and report then show.
//
// Three measures of a run, where R is the mean return of an evaluation:
//
//   final     R of the last evaluation
//   best      R of the best checkpoint, evaluated again on new episodes (best.h)
//   average   mean of R over all evaluations, which measures how fast the run learned
//
// The measures cover the finished runs. A failed run counts with statistics.failed_score if the
// experiment sets it, otherwise the averages leave it out; the share of runs that reached a
// threshold always includes it.
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

// The first evaluation whose score is at least the threshold.
struct Crossing {
  std::int64_t steps = 0;
  double seconds = 0;
};

struct UnitSummary {
  std::optional<double> final_return;
  std::optional<double> best_return;
  std::optional<double> average_return;
  std::optional<double> chosen_return;             // the highest R, which selects the checkpoint
  std::vector<std::optional<Crossing>> crossings;  // one per threshold of the plan
};

struct Measure {
  const char* name;
  const char* meaning;
  std::optional<double> UnitSummary::*total_reward;
};

inline constexpr std::array<Measure, 3> kMeasures = {{
    {"final", "last evaluation", &UnitSummary::final_return},
    {"best", "best checkpoint, evaluated again on new episodes", &UnitSummary::best_return},
    {"average", "mean over all evaluations", &UnitSummary::average_return},
}};
inline constexpr std::size_t kFinal = 0;  // the measure of ranking, profile and pairs
inline constexpr std::size_t kBest = 1;

// The statistics of an AggregateIntervals by name.
struct Statistic {
  const char* name;
  const char* title;
  Interval AggregateIntervals::*interval;
  bool needs_optimum = false;  // defined for scores only, whose optimum is 1
  bool needs_tasks = false;    // equals the mean for a single task
};

inline constexpr std::array<Statistic, 4> kStatistics = {{
    {"iqm", "IQM", &AggregateIntervals::iqm},
    {"median", "Median", &AggregateIntervals::median, false, true},
    {"mean", "Mean", &AggregateIntervals::mean},
    {"optimality_gap", "Optimality gap", &AggregateIntervals::optimality_gap, true},
}};

// The statistics that say something about the scores of a plan.
std::vector<Statistic> InformativeStatistics(const Plan& plan);

struct Aggregated {
  std::size_t runs = 0;
  AggregateIntervals values;
};

struct MeasureResult {
  std::optional<Aggregated> scores;                // over all tasks; none while a task has no run
  std::vector<std::optional<Aggregated>> returns;  // one per task
};

struct ThresholdResult {
  std::size_t reached = 0;
  std::size_t runs = 0;  // finished or failed
  Interval share;
  Interval steps;  // median over these runs; infinite for a run that never reached the threshold
  Interval seconds;
};

// Interquartile mean over environment steps. A run that was not evaluated at a step counts with its
// last evaluation before it.
struct Curve {
  std::vector<std::int64_t> steps;
  std::vector<Interval> band;
};

struct UnitCounts {
  std::size_t finished = 0, failed = 0;
  std::size_t left = 0;  // neither

  void Add(UnitState state);
};

struct ConfigurationResult {
  UnitCounts counts;
  std::array<MeasureResult, kMeasures.size()> measures;
  std::vector<ThresholdResult> thresholds;
  Curve scores;                   // over all tasks
  std::vector<Curve> returns;     // one per task
  std::vector<Interval> profile;  // share of runs with a final score above taus[k]
};

struct Improvement {
  std::size_t x = 0, y = 0;  // configurations
  Interval probability;      // P(a run of x has a higher final score than a run of y)
};

struct Analysis {
  Plan plan;
  std::vector<UnitResult> results;  // one per unit of the plan
  std::vector<UnitSummary> units;   // one per unit of the plan
  std::vector<ConfigurationResult> configurations;
  std::vector<std::size_t> ranking;  // configurations by final IQM, those without one last
  std::vector<double> taus;
  std::vector<Improvement> improvements;  // each pair once, x before y in the ranking
  UnitCounts counts;

  const std::string& NameOf(std::size_t configuration) const {
    return plan.configurations[configuration].name;
  }
  // The averaged quantity: "return" or "score".
  const char* quantity() const { return plan.scored() ? "score" : "return"; }
  // P(X > Y), from the pair in either order; nothing if the pair was not computed.
  std::optional<Interval> ImprovementOf(std::size_t x, std::size_t y) const;
};

// Improvements are computed for the pairs among the first configurations of the ranking.
inline constexpr std::size_t kMostPaired = 20;

// Uses `threads` threads; the result does not depend on their number.
Analysis Analyze(Plan plan, std::vector<UnitResult> results, int threads = 1);

}  // namespace nabla::experiment
