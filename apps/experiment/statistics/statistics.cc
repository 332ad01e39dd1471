#include "apps/experiment/statistics/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "envs/core/random.h"

namespace nabla::experiment {
namespace {

void Check(const Scores& scores) {
  if (scores.empty()) throw std::invalid_argument("statistics of no task at all");
  for (const auto& task : scores) {
    if (task.empty()) throw std::invalid_argument("statistics of a task without runs");
    for (const double score : task) {
      if (!std::isfinite(score)) throw std::invalid_argument("a score that is not finite");
    }
  }
}

void Check(const Bootstrap& bootstrap) {
  if (bootstrap.repetitions < 1) throw std::invalid_argument("a bootstrap without repetitions");
}

// How often each run was drawn, task by task.
using Counts = std::vector<int>;

// The number of runs of each task, and draws of as many runs within each task.
class Strata {
 public:
  explicit Strata(const Scores& scores) {
    for (const auto& task : scores) sizes_.push_back(static_cast<std::uint32_t>(task.size()));
    total_ = std::accumulate(sizes_.begin(), sizes_.end(), std::size_t{0});
  }

  std::size_t total() const { return total_; }
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

Interval Percentiles(double value, std::vector<double>& samples, double confidence) {
  const double tail = (1 - confidence) / 2;
  return {value, PercentileOf(samples, tail), PercentileOf(samples, 1 - tail)};
}

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

// Pointwise bands: `draw` computes the values at all points from the counts of one repetition.
template <class Draw>
std::vector<Interval> Bands(const Strata& strata, std::size_t points, const Bootstrap& bootstrap,
                            const char* stream, const Draw& draw) {
  std::vector<double> values(points);
  draw(strata.EachRunOnce(), values);
  const std::vector<double> of_runs = values;
  std::vector<std::vector<double>> samples(points);
  for (auto& s : samples) s.reserve(static_cast<std::size_t>(bootstrap.repetitions));
  Rng rng(bootstrap.seed, stream);
  Counts counts;
  for (int i = 0; i < bootstrap.repetitions; ++i) {
    strata.Draw(rng, counts);
    draw(counts, values);
    for (std::size_t k = 0; k < points; ++k) samples[k].push_back(values[k]);
  }
  std::vector<Interval> bands;
  for (std::size_t k = 0; k < points; ++k) {
    bands.push_back(Percentiles(of_runs[k], samples[k], bootstrap.confidence));
  }
  return bands;
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

Aggregates Aggregate(const Scores& scores, double optimum) {
  Check(scores);
  Aggregator aggregate(scores, optimum);
  return aggregate(aggregate.strata().EachRunOnce());
}

AggregateIntervals AggregateWithIntervals(const Scores& scores, const Bootstrap& bootstrap,
                                          double optimum) {
  Check(scores);
  Check(bootstrap);
  Aggregator aggregate(scores, optimum);
  std::vector<double> iqm, median, mean, gap;
  Rng rng(bootstrap.seed, "aggregate");
  Counts counts;
  for (int i = 0; i < bootstrap.repetitions; ++i) {
    aggregate.strata().Draw(rng, counts);
    const Aggregates sample = aggregate(counts);
    iqm.push_back(sample.iqm);
    median.push_back(sample.median);
    mean.push_back(sample.mean);
    gap.push_back(sample.optimality_gap);
  }
  const Aggregates of_runs = aggregate(aggregate.strata().EachRunOnce());
  const double confidence = bootstrap.confidence;
  return {Percentiles(of_runs.iqm, iqm, confidence),
          Percentiles(of_runs.median, median, confidence),
          Percentiles(of_runs.mean, mean, confidence),
          Percentiles(of_runs.optimality_gap, gap, confidence)};
}

Interval ProbabilityOfImprovement(const Scores& x, const Scores& y, const Bootstrap& bootstrap) {
  Check(x);
  Check(y);
  Check(bootstrap);
  if (x.size() != y.size()) throw std::invalid_argument("scores on different numbers of tasks");
  const Strata x_strata(x), y_strata(y);
  std::vector<Wins> wins;
  for (std::size_t t = 0; t < x.size(); ++t) wins.emplace_back(x[t], y[t]);
  const auto probability = [&](const Counts& x_counts, const Counts& y_counts) {
    const int* xc = x_counts.data();
    const int* yc = y_counts.data();
    double sum = 0;
    for (std::size_t t = 0; t < wins.size(); ++t) {
      sum += wins[t](xc, yc);
      xc += x_strata.sizes()[t];
      yc += y_strata.sizes()[t];
    }
    return sum / static_cast<double>(wins.size());
  };
  std::vector<double> samples;
  Rng rng(bootstrap.seed, "improvement");
  Counts x_counts, y_counts;
  for (int i = 0; i < bootstrap.repetitions; ++i) {
    x_strata.Draw(rng, x_counts);
    y_strata.Draw(rng, y_counts);
    samples.push_back(probability(x_counts, y_counts));
  }
  return Percentiles(probability(x_strata.EachRunOnce(), y_strata.EachRunOnce()), samples,
                     bootstrap.confidence);
}

std::vector<Interval> PerformanceProfile(const Scores& scores, const std::vector<double>& taus,
                                         const Bootstrap& bootstrap) {
  Check(scores);
  Check(bootstrap);
  if (!std::is_sorted(taus.begin(), taus.end())) throw std::invalid_argument("taus must ascend");
  const Sorted sorted(scores);
  return Bands(Strata(scores), taus.size(), bootstrap, "profile",
               [&](const Counts& counts, std::vector<double>& share) {
                 sorted.ShareAbove(counts, taus, share);
               });
}

std::vector<Interval> SampleEfficiency(const std::vector<Scores>& points,
                                       const Bootstrap& bootstrap) {
  Check(bootstrap);
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
  return Bands(strata, points.size(), bootstrap, "curve",
               [&](const Counts& counts, std::vector<double>& values) {
                 for (std::size_t k = 0; k < sorted.size(); ++k) {
                   values[k] = sorted[k].InterquartileMean(counts);
                 }
               });
}

Interval MedianOfRuns(const Scores& values, const Bootstrap& bootstrap) {
  if (values.empty()) throw std::invalid_argument("statistics of no task at all");
  if (HasNan(Flat(values))) {
    constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
    return {kNan, kNan, kNan};
  }
  Check(bootstrap);
  const Strata strata(values);
  const Sorted sorted(values);
  std::vector<double> samples;
  Rng rng(bootstrap.seed, "median");
  Counts counts;
  for (int i = 0; i < bootstrap.repetitions; ++i) {
    strata.Draw(rng, counts);
    samples.push_back(sorted.MedianOf(counts));
  }
  return Percentiles(sorted.MedianOf(strata.EachRunOnce()), samples, bootstrap.confidence);
}

Interval Share(std::size_t k, std::size_t n, double confidence) {
  if (n == 0 || k > n) throw std::invalid_argument("a share of no runs");
  const auto runs = static_cast<double>(n);
  const double p = static_cast<double>(k) / runs;
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
