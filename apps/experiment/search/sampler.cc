#include "apps/experiment/search/sampler.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <stdexcept>

#include "apps/experiment/search/cma_es.h"
#include "apps/experiment/statistics/statistics.h"

namespace nabla::experiment {
namespace {

constexpr std::size_t kTpeStart = 10;  // trials before the first model
constexpr double kCmaStart = 0.3;      // initial σ: from the centre, steps reach the faces

// Each trial has its own stream, so that it does not depend on the draws of other trials.
Rng StreamOf(std::uint64_t seed, std::size_t trial) {
  return Rng(seed, "trial." + std::to_string(trial));
}

class RandomSampler : public Sampler {
 public:
  RandomSampler(std::uint64_t seed, std::size_t dimensions)
      : seed_(seed), dimensions_(dimensions) {}

  Point Suggest(std::size_t trial, const std::vector<Observation>&) override {
    Rng rng = StreamOf(seed_, trial);
    Point point;
    for (std::size_t d = 0; d < dimensions_; ++d) point.push_back(rng.Uniform());
    return point;
  }

 private:
  std::uint64_t seed_;
  std::size_t dimensions_;
};

class LatinHypercube : public Sampler {
 public:
  LatinHypercube(std::uint64_t seed, std::size_t count, std::size_t dimensions) : count_(count) {
    Rng rng(seed, "latin_hypercube");
    for (std::size_t d = 0; d < dimensions; ++d) {
      std::vector<std::size_t> part(count);
      std::iota(part.begin(), part.end(), std::size_t{0});
      for (std::size_t i = count; i > 1; --i) std::swap(part[i - 1], part[rng.Below(i)]);
      std::vector<double> values;
      for (const std::size_t p : part) {
        values.push_back((static_cast<double>(p) + rng.Uniform()) / static_cast<double>(count));
      }
      columns_.push_back(std::move(values));
    }
  }

  Point Suggest(std::size_t trial, const std::vector<Observation>&) override {
    Point point;
    for (const auto& column : columns_)
      point.push_back(std::min(column[trial % count_], kBelowOne));
    return point;
  }

 private:
  std::size_t count_;
  std::vector<std::vector<double>> columns_;
};

class Tpe : public Sampler {
 public:
  Tpe(const SamplerOptions& options, const std::vector<Coordinate>& coordinates)
      : seed_(options.seed),
        start_(std::min(options.trials, std::max(kTpeStart, 2 * coordinates.size()))),
        coordinates_(coordinates),
        beginning_(options.seed, start_, coordinates.size()),
        random_(options.seed, coordinates.size()) {}

  Point Suggest(std::size_t trial, const std::vector<Observation>& seen) override {
    if (trial < start_) return beginning_.Suggest(trial, seen);
    const std::vector<Point> best_first = Ranked(seen);
    if (best_first.size() < 2) return random_.Suggest(trial, seen);
    Rng rng = StreamOf(seed_, trial);
    return SuggestByTpe(coordinates_, best_first, rng);
  }

 private:
  // The points of the highest rung with enough results, or else of the lowest rung, best first.
  std::vector<Point> Ranked(const std::vector<Observation>& seen) const {
    std::map<std::size_t, std::vector<const Observation*>> rungs;
    for (const Observation& observation : seen) {
      rungs[observation.job.rung].push_back(&observation);
    }
    std::vector<const Observation*> chosen;
    for (auto& [rung, observations] : rungs) {
      if (rung == 0 || observations.size() >= start_) chosen = observations;
    }
    std::stable_sort(chosen.begin(), chosen.end(), [](const Observation* a, const Observation* b) {
      return IsBetter(a->score, b->score);
    });
    std::vector<Point> points;
    for (const Observation* observation : chosen) points.push_back(observation->point);
    return points;
  }

  std::uint64_t seed_;
  std::size_t start_;
  std::vector<Coordinate> coordinates_;
  LatinHypercube beginning_;
  RandomSampler random_;
};

// Reflects x at the faces 0 and 1 until it is in [0, 1).
double Reflected(double x) {
  const double period = x - 2 * std::floor(x / 2);  // in [0, 2)
  return std::min(period < 1 ? period : 2 - period, kBelowOne);
}

class CmaEsSampler : public Sampler {
 public:
  CmaEsSampler(const SamplerOptions& options, std::size_t dimensions)
      : cma_(Eigen::VectorXd::Constant(static_cast<Eigen::Index>(dimensions), 0.5), kCmaStart,
             options.seed, options.population) {}

  // A generation depends on the results of all generations before it.
  std::size_t Needs(std::size_t trial) const override { return trial - trial % population(); }

  Point Suggest(std::size_t trial, const std::vector<Observation>& seen) override {
    if (trial % population() == 0) {
      if (trial > 0) TellGeneration(trial - population(), seen);
      cma_.Ask();
      ++generations_;
    }
    if (trial / population() + 1 != generations_) {
      throw std::logic_error("CMA-ES: trials must be requested in their order");
    }
    Point point;
    const auto column = static_cast<Eigen::Index>(trial % population());
    for (const double x : cma_.candidates().col(column)) point.push_back(Reflected(x));
    return point;
  }

 private:
  std::size_t population() const { return static_cast<std::size_t>(cma_.population()); }

  void TellGeneration(std::size_t first, const std::vector<Observation>& seen) {
    std::vector<double> values;
    for (std::size_t i = first; i < first + population(); ++i) values.push_back(-seen.at(i).score);
    cma_.Tell(values);
  }

  CmaEs cma_;
  std::size_t generations_ = 0;
};

}  // namespace

std::unique_ptr<Sampler> MakeSampler(const SamplerOptions& options,
                                     const std::vector<Coordinate>& coordinates) {
  const std::size_t n = coordinates.size();
  switch (options.method) {
    case SearchMethod::kRandom:
      return std::make_unique<RandomSampler>(options.seed, n);
    case SearchMethod::kLatinHypercube:
      return std::make_unique<LatinHypercube>(options.seed, options.trials, n);
    case SearchMethod::kCmaEs:
      return std::make_unique<CmaEsSampler>(options, n);
    case SearchMethod::kTpe:
      return std::make_unique<Tpe>(options, coordinates);
  }
  throw std::logic_error("unknown search method");
}

}  // namespace nabla::experiment
