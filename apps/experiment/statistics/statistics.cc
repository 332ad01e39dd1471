#include "apps/experiment/statistics/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "envs/core/random.h"

namespace nabla::experiment {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// (1 − f) a + f b for 0 ≤ f < 1 and a ≤ b. Also for infinite ends, except from −∞ to ∞.
double Interpolate(double a, double b, double f) {
  return a == b || f == 0 || std::isinf(a) ? a : a + f * (b - a);
}

void Check(const Scores& scores) {
  if (scores.empty()) throw std::invalid_argument("statistics of no task at all");
  for (const auto& task : scores) {
    if (task.empty()) throw std::invalid_argument("statistics of a task without runs");
    for (const double score : task) {
      if (!std::isfinite(score)) throw std::invalid_argument("a score that is not finite");
    }
  }
}

// How often each run was drawn, task by task.
using Counts = std::vector<int>;

// The number of runs of each task, and draws of as many runs within each task.
class Strata {
 public:
  explicit Strata(const Scores& scores) { Add(scores); }

  void Add(const Scores& scores) {
    for (const auto& task : scores) {
      sizes_.push_back(static_cast<std::uint32_t>(task.size()));
      total_ += task.size();
    }
  }

  const std::vector<std::uint32_t>& sizes() const { return sizes_; }

  // 64 random bits give two draws ⌊u n / 2³²⌋, whose bias is below n / 2³².
  void Draw(Rng& rng, Counts& counts) const {
    counts.assign(total_, 0);
    std::size_t first = 0;
    for (const std::uint32_t n : sizes_) {
      for (std::uint32_t i = 0; i < n; i += 2) {
        const std::uint64_t bits = rng.Bits();
        ++counts[first + static_cast<std::size_t>(((bits & 0xffffffffu) * n) >> 32)];
        if (i + 1 < n) ++counts[first + static_cast<std::size_t>(((bits >> 32) * n) >> 32)];
      }
      first += n;
    }
  }

  Counts EachRunOnce() const { return Counts(total_, 1); }

 private:
  std::vector<std::uint32_t> sizes_;
  std::size_t total_ = 0;
};

std::vector<double> Flat(const Scores& scores) {
  std::vector<double> flat;
  for (const auto& task : scores) flat.insert(flat.end(), task.begin(), task.end());
  return flat;
}

// The runs of all tasks in ascending order of their scores.
class Sorted {
 public:
  explicit Sorted(const Scores& scores) {
    const std::vector<double> flat = Flat(scores);
    order_.resize(flat.size());
    std::iota(order_.begin(), order_.end(), std::uint32_t{0});
    std::sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
      return flat[a] < flat[b] || (flat[a] == flat[b] && a < b);
    });
    for (const std::uint32_t i : order_) values_.push_back(flat[i]);
  }

  // Mean of the drawn scores with ranks ⌊N/4⌋ … N − ⌊N/4⌋ − 1.
  double InterquartileMean(const Counts& counts) const {
    const int cut = static_cast<int>(values_.size() / 4);
    const int end = static_cast<int>(values_.size()) - cut;
    double sum = 0;
    int rank = 0;
    for (std::size_t k = 0; k < values_.size(); ++k) {
      const int next = rank + counts[order_[k]];
      sum += std::max(0, std::min(next, end) - std::max(rank, cut)) * values_[k];
      rank = next;
    }
    return sum / (end - cut);
  }

  // Mean of the drawn scores with ranks ⌊(N − 1)/2⌋ and ⌊N/2⌋.
  double MedianOf(const Counts& counts) const {
    const auto total = static_cast<int>(values_.size());
    const double low = OfRank(counts, (total - 1) / 2), high = OfRank(counts, total / 2);
    return low == high ? low : (low + high) / 2;
  }

  // Share of the drawn scores above each tau; `taus` ascend.
  void ShareAbove(const Counts& counts, const std::vector<double>& taus,
                  std::vector<double>& share) const {
    std::size_t k = 0;
    int below = 0;
    for (std::size_t i = 0; i < taus.size(); ++i) {
      for (; k < values_.size() && values_[k] <= taus[i]; ++k) below += counts[order_[k]];
      share[i] = 1 - below / static_cast<double>(values_.size());
    }
  }

 private:
  double OfRank(const Counts& counts, int rank) const {
    std::size_t k = 0;
    for (int below = counts[order_[0]]; below <= rank; below += counts[order_[k]]) ++k;
    return values_[k];
  }

  std::vector<std::uint32_t> order_;
  std::vector<double> values_;
};

// Computes Aggregates from the counts of a draw.
class Aggregator {
 public:
  Aggregator(const Scores& scores, double optimum)
      : strata_(scores), sorted_(scores), flat_(Flat(scores)), means_(scores.size()) {
    for (const double score : flat_) gaps_.push_back(std::max(optimum - score, 0.0));
  }

  const Strata& strata() const { return strata_; }

  Aggregates operator()(const Counts& counts) {
    Aggregates result;
    std::size_t i = 0;
    for (std::size_t t = 0; t < means_.size(); ++t) {
      double score = 0, gap = 0;
      const std::size_t end = i + strata_.sizes()[t];
      for (; i < end; ++i) score += counts[i] * flat_[i], gap += counts[i] * gaps_[i];
      means_[t] = score / strata_.sizes()[t];
      result.mean += means_[t];
      result.optimality_gap += gap / strata_.sizes()[t];
    }
    const auto tasks = static_cast<double>(means_.size());
    result.mean /= tasks;
    result.optimality_gap /= tasks;
    result.iqm = sorted_.InterquartileMean(counts);
    result.median = Median(means_);
    return result;
  }

 private:
  Strata strata_;
  Sorted sorted_;
  std::vector<double> flat_;
  std::vector<double> gaps_;
  std::vector<double> means_;  // of each task
};

// The share of pairs of runs of x and y on one task that x wins.
class Wins {
 public:
  Wins(const std::vector<double>& x, const std::vector<double>& y) : x_size_(x.size()) {
    std::vector<double> sorted = y;
    std::sort(sorted.begin(), sorted.end());
    for (const double value : x) {
      below_.push_back(Position(std::lower_bound(sorted.begin(), sorted.end(), value), sorted));
      not_above_.push_back(Position(std::upper_bound(sorted.begin(), sorted.end(), value), sorted));
    }
    rank_.resize(y.size());
    std::iota(rank_.begin(), rank_.end(), std::size_t{0});
    std::sort(rank_.begin(), rank_.end(),
              [&](std::size_t a, std::size_t b) { return y[a] < y[b]; });
    up_to_.resize(y.size() + 1);
  }

  // 1/(n m) Σ_ij [x_i > y_j] + ½ [x_i = y_j], weighted by how often each run was drawn.
  double operator()(const int* x_counts, const int* y_counts) {
    for (std::size_t j = 0; j < rank_.size(); ++j) up_to_[j + 1] = up_to_[j] + y_counts[rank_[j]];
    std::int64_t twice = 0;
    for (std::size_t i = 0; i < x_size_; ++i) {
      twice += static_cast<std::int64_t>(x_counts[i]) * (up_to_[below_[i]] + up_to_[not_above_[i]]);
    }
    return static_cast<double>(twice) / (2.0 * static_cast<double>(x_size_ * rank_.size()));
  }

 private:
  using Iterator = std::vector<double>::const_iterator;
  static std::size_t Position(Iterator it, const std::vector<double>& sorted) {
    return static_cast<std::size_t>(it - sorted.begin());
  }

  std::size_t x_size_;
  std::vector<std::size_t> below_, not_above_;  // for x_i: the number of y < x_i and of y <= x_i
  std::vector<std::size_t> rank_;               // indices of y in ascending order
  std::vector<int> up_to_;                      // how often the first j of these were drawn
};

// The intervals of several statistics of the same runs: `compute` writes their values from the
// counts of one repetition.
template <class Compute>
std::vector<Interval> Intervals(const Strata& strata, std::size_t statistics,
                                const Bootstrap& bootstrap, const char* stream, Compute compute) {
  if (bootstrap.repetitions < 1) throw std::invalid_argument("a bootstrap without repetitions");
  std::vector<double> values(statistics);
  compute(strata.EachRunOnce(), values);
  std::vector<Interval> intervals;
  for (const double value : values) intervals.push_back({value});
  const auto& sizes = strata.sizes();
  if (*std::min_element(sizes.begin(), sizes.end()) < 2) return intervals;
  std::vector<std::vector<double>> samples(statistics);
  for (auto& s : samples) s.reserve(static_cast<std::size_t>(bootstrap.repetitions));
  Rng rng(bootstrap.seed, stream);
  Counts counts;
  for (int i = 0; i < bootstrap.repetitions; ++i) {
    strata.Draw(rng, counts);
    compute(counts, values);
    for (std::size_t k = 0; k < statistics; ++k) samples[k].push_back(values[k]);
  }
  const double tail = (1 - bootstrap.confidence) / 2;
  for (std::size_t k = 0; k < statistics; ++k) {
    intervals[k].low = Percentile(samples[k], tail);
    intervals[k].high = Percentile(samples[k], 1 - tail);
  }
  return intervals;
}

// z with P(−z < Z < z) = confidence, by bisection.
double NormalQuantile(double confidence) {
  double low = 0, high = 40;
  for (int i = 0; i < 100; ++i) {
    const double z = (low + high) / 2;
    (std::erf(z / std::sqrt(2.0)) < confidence ? low : high) = z;
  }
  return low;
}

}  // namespace

bool HasNan(const std::vector<double>& values) {
  return std::any_of(values.begin(), values.end(), [](double value) { return std::isnan(value); });
}

double Percentile(std::vector<double>& values, double q) {
  if (values.empty()) throw std::invalid_argument("a percentile of no values");
  if (HasNan(values)) return kNan;
  const double position = q * static_cast<double>(values.size() - 1);
  const auto k = static_cast<std::size_t>(position);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(k);
  std::nth_element(values.begin(), at, values.end());
  if (k + 1 == values.size()) return *at;
  const double next = *std::min_element(at + 1, values.end());
  return Interpolate(*at, next, position - static_cast<double>(k));
}

double Median(std::vector<double> values) {
  if (values.empty()) throw std::invalid_argument("a median of no values");
  if (HasNan(values)) return kNan;
  const std::size_t half = values.size() / 2;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(half);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  const double lower = *std::max_element(values.begin(), middle);
  return lower == *middle ? lower : (lower + *middle) / 2;
}

bool IsBetter(double a, double b) { return a > b || (std::isnan(b) && !std::isnan(a)); }

Aggregates Aggregate(const Scores& scores, double optimum) {
  Check(scores);
  Aggregator aggregate(scores, optimum);
  return aggregate(aggregate.strata().EachRunOnce());
}

AggregateIntervals AggregateWithIntervals(const Scores& scores, const Bootstrap& bootstrap,
                                          double optimum) {
  Check(scores);
  Aggregator aggregate(scores, optimum);
  const auto all =
      Intervals(aggregate.strata(), 4, bootstrap, "aggregate",
                [&](const Counts& counts, std::vector<double>& values) {
                  const Aggregates sample = aggregate(counts);
                  values = {sample.iqm, sample.median, sample.mean, sample.optimality_gap};
                });
  return {all[0], all[1], all[2], all[3]};
}

Interval ProbabilityOfImprovement(const Scores& x, const Scores& y, const Bootstrap& bootstrap) {
  Check(x);
  Check(y);
  if (x.size() != y.size()) throw std::invalid_argument("scores on different numbers of tasks");
  Strata strata(x);  // the tasks of x, then those of y
  strata.Add(y);
  std::vector<Wins> wins;
  for (std::size_t t = 0; t < x.size(); ++t) wins.emplace_back(x[t], y[t]);
  const std::size_t x_runs = Flat(x).size();
  const auto probability = [&](const Counts& counts, std::vector<double>& value) {
    const int* xc = counts.data();
    const int* yc = xc + x_runs;
    double sum = 0;
    for (std::size_t t = 0; t < wins.size(); ++t) {
      sum += wins[t](xc, yc);
      xc += x[t].size();
      yc += y[t].size();
    }
    value = {sum / static_cast<double>(wins.size())};
  };
  return Intervals(strata, 1, bootstrap, "improvement", probability).front();
}

std::vector<Interval> PerformanceProfile(const Scores& scores, const std::vector<double>& taus,
                                         const Bootstrap& bootstrap) {
  Check(scores);
  if (!std::is_sorted(taus.begin(), taus.end())) throw std::invalid_argument("taus must ascend");
  const Sorted sorted(scores);
  return Intervals(Strata(scores), taus.size(), bootstrap, "profile",
                   [&](const Counts& counts, std::vector<double>& share) {
                     sorted.ShareAbove(counts, taus, share);
                   });
}

std::vector<Interval> SampleEfficiency(const std::vector<Scores>& points,
                                       const Bootstrap& bootstrap) {
  if (points.empty()) return {};
  const Strata strata(points.front());
  std::vector<Sorted> sorted;
  for (const Scores& scores : points) {
    Check(scores);
    if (Strata(scores).sizes() != strata.sizes()) {
      throw std::invalid_argument("evaluations of different runs in one curve");
    }
    sorted.emplace_back(scores);
  }
  return Intervals(strata, points.size(), bootstrap, "curve",
                   [&](const Counts& counts, std::vector<double>& values) {
                     for (std::size_t k = 0; k < sorted.size(); ++k) {
                       values[k] = sorted[k].InterquartileMean(counts);
                     }
                   });
}

Interval MedianOfRuns(const Scores& values, const Bootstrap& bootstrap) {
  if (values.empty()) throw std::invalid_argument("statistics of no task at all");
  if (HasNan(Flat(values))) {
    return {kNan, kNan, kNan};
  }
  const Sorted sorted(values);
  return Intervals(Strata(values), 1, bootstrap, "median",
                   [&](const Counts& counts, std::vector<double>& median) {
                     median = {sorted.MedianOf(counts)};
                   })
      .front();
}

Interval Share(std::size_t k, std::size_t n, double confidence) {
  if (n == 0 || k > n) throw std::invalid_argument("a share of no runs");
  const auto runs = static_cast<double>(n);
  const double p = static_cast<double>(k) / runs;
  if (n == 1) return {p};
  const double z = NormalQuantile(confidence);
  const double scale = 1 + z * z / runs;
  const double centre = p + z * z / (2 * runs);
  const double half = z * std::sqrt(p * (1 - p) / runs + z * z / (4 * runs * runs));
  // 0 and 1 are exact ends of their intervals, without rounding errors.
  const double low = k == 0 ? 0 : (centre - half) / scale;
  const double high = k == n ? 1 : (centre + half) / scale;
  return {p, low, high};
}

}  // namespace nabla::experiment
