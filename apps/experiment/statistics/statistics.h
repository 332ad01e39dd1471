// Statistics of many runs with their uncertainty (Agarwal et al. 2021, "Deep Reinforcement Learning
// at the Edge of the Statistical Precipice"; their package is rliable).
//
// x_{t,r} is the score of run r on task t; m tasks, n_t runs of task t, N = Σ n_t.
//
//   interquartile mean   mean of the sorted x without the ⌊N/4⌋ values at each end
//   median               median over t of  1/n_t Σ_r x_{t,r}
//   mean                 mean over t of    1/n_t Σ_r x_{t,r}
//   optimality gap       mean over t of    1/n_t Σ_r max(γ − x_{t,r}, 0)
//
// By this definition the median of one task is its mean.
//
// Intervals are percentiles of a stratified bootstrap: each repetition draws n_t runs with
// replacement within each task, independently. A repetition is represented by the number of times
// that each run was drawn, so that the runs need to be sorted only once.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace nabla::experiment {

// scores[t][r]; every task has at least one run, and every score is finite.
using Scores = std::vector<std::vector<double>>;

struct Aggregates {
  double iqm = 0;
  double median = 0;
  double mean = 0;
  double optimality_gap = 0;
};

// `optimum` is γ. This and all functions below throw std::invalid_argument for a task without runs
// and for a score that is not finite.
Aggregates Aggregate(const Scores& scores, double optimum = 1);

// A single run says nothing about chance: an interval needs at least two runs of each task.
// Without one, `low` and `high` are NaN.
struct Interval {
  double value = 0;  // the statistic of the runs
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();

  bool has_bounds() const { return !std::isnan(low); }
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

// P(X > Y): the mean over the tasks of the share of pairs (run of x, run of y) in which x is
// higher; a tie counts half (Mann & Whitney 1947). `x` and `y` have the same tasks in the same
// order.
Interval ProbabilityOfImprovement(const Scores& x, const Scores& y, const Bootstrap& bootstrap);

// Performance profile: the share of all runs with a score above each tau, with pointwise bands.
std::vector<Interval> PerformanceProfile(const Scores& scores, const std::vector<double>& taus,
                                         const Bootstrap& bootstrap);

// The interquartile mean at each evaluation, with pointwise bands. `points[k]` are the scores at
// evaluation k; all have the same tasks and runs. A repetition draws whole runs with all their
// evaluations.
std::vector<Interval> SampleEfficiency(const std::vector<Scores>& points,
                                       const Bootstrap& bootstrap);

// The median over all runs of all tasks; a value may be infinite (a threshold never reached).
// NaN if a value is NaN.
Interval MedianOfRuns(const Scores& values, const Bootstrap& bootstrap);

// The share p = k / n with the score interval of Wilson (1927), which keeps its width where all or
// none succeeded; without bounds for a single run:  (p + z²/2n ± z √(p (1 − p)/n + z²/4n²)) / (1 +
// z²/n).
Interval Share(std::size_t k, std::size_t n, double confidence);

// ---- order statistics of values that may be infinite or NaN

// The percentile q in [0, 1] of values in any order, which it sorts partly, interpolated linearly
// as in numpy.percentile. NaN if a value is NaN. Throws std::invalid_argument for no values.
double Percentile(std::vector<double>& values, double q);

// The same for the median.
double Median(std::vector<double> values);

// The order of scores. A NaN is the score of a diverged run and worse than every number, −∞ too;
// comparing with < alone would leave the order of a sort undefined.
bool IsBetter(double a, double b);

// Values with a NaN have no order: they are never sorted, and their order statistics are NaN.
bool HasNan(const std::vector<double>& values);

}  // namespace nabla::experiment
