// Statistics of many runs: what to report and how sure one can be (Agarwal et al. 2021, "Deep
// Reinforcement Learning at the Edge of the Statistical Precipice"; their package is rliable).
//
// x_{t,r} is the score of run r on task t; m tasks, n_t runs of task t, N = Σ n_t.
//
//   interquartile mean   mean of the sorted x without ⌊N/4⌋ at each end
//   median               median over t of  1/n_t Σ_r x_{t,r}
//   mean                 mean over t of    1/n_t Σ_r x_{t,r}
//   optimality gap       mean over t of    1/n_t Σ_r max(γ − x_{t,r}, 0)
//
// For one task the median is the mean by this definition.
//
// Intervals are percentiles of a stratified bootstrap: each repetition draws n_t runs with
// replacement within each task, independently. A repetition is kept as the number of times that
// each run was drawn, so that no statistic has to sort again: the runs are sorted once.
#pragma once

#include <cstdint>
#include <vector>

namespace nabla::experiment {

// scores[t][r]; every task has a run at least, every score is finite.
using Scores = std::vector<std::vector<double>>;

struct Aggregates {
  double iqm = 0;
  double median = 0;
  double mean = 0;
  double optimality_gap = 0;
};

// `optimum` is γ. Throws std::invalid_argument for a task without runs or a score that is not
// finite; so do all functions below.
Aggregates Aggregate(const Scores& scores, double optimum = 1);

struct Interval {
  double value = 0;  // of the runs themselves
  double low = 0;
  double high = 0;
};

struct Bootstrap {
  int repetitions = 50'000;
  double confidence = 0.95;
  std::uint64_t seed = 0;
};

struct AggregateIntervals {
  Interval iqm;
  Interval median;
  Interval mean;
  Interval optimality_gap;
};

AggregateIntervals AggregateWithIntervals(const Scores& scores, const Bootstrap& bootstrap,
                                          double optimum = 1);

// P(X > Y): mean over the tasks of the share of pairs (run of x, run of y) in which x is better; a
// tie counts half (Mann & Whitney 1947). `y` has the tasks of `x` in the same order.
Interval ProbabilityOfImprovement(const Scores& x, const Scores& y, const Bootstrap& bootstrap);

// Share of all runs with a score above each tau (performance profile), with pointwise bands.
std::vector<Interval> PerformanceProfile(const Scores& scores, const std::vector<double>& taus,
                                         const Bootstrap& bootstrap);

// Interquartile mean at each evaluation, with pointwise bands. `points[k]` are the scores at
// evaluation k; all have the same tasks and runs. A repetition draws whole runs, so that the
// evaluations of a run stay together.
std::vector<Interval> SampleEfficiency(const std::vector<Scores>& points,
                                       const Bootstrap& bootstrap);

// Median over all runs of all tasks; a run that never got there counts as infinity.
Interval MedianOfRuns(const Scores& values, const Bootstrap& bootstrap);

// Share k / n with the score interval of Wilson (1927), which does not shrink to nothing where all
// or none succeeded:  (p + z²/2n ± z √(p (1 − p)/n + z²/4n²)) / (1 + z²/n).
Interval Share(std::size_t k, std::size_t n, double confidence);

// The percentile q in [0, 1] of ascending values, linear between neighbours as numpy.percentile.
// Infinities are allowed.
double Percentile(const std::vector<double>& ascending, double q);

double Median(std::vector<double> values);  // infinities are allowed

}  // namespace nabla::experiment
