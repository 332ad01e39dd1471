// The statistics, compared with cases computed by hand and with values of the rliable package.
#include "apps/experiment/statistics/statistics.h"

#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "envs/core/random.h"
#include "tests/support/catch.h"
#include "tests/support/golden.h"

namespace nabla::experiment {
namespace {

const std::string kReference = test::kGolden + "rliable/";
constexpr double kExact = 1e-9;
constexpr double kMonteCarlo = 0.005;

// Rows are runs, columns are tasks; the result has one vector per task.
Scores ReadScores(const std::string& name) {
  std::ifstream file(kReference + "scores_" + name + ".csv");
  REQUIRE(file);
  std::string line;
  std::getline(file, line);
  Scores scores;
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::string cell;
    for (std::size_t t = 0; std::getline(cells, cell, ','); ++t) {
      if (scores.size() <= t) scores.emplace_back();
      scores[t].push_back(std::stod(cell));
    }
  }
  return scores;
}

nlohmann::json Expected() {
  std::ifstream file(kReference + "expected.json");
  REQUIRE(file);
  return nlohmann::json::parse(file);
}

double PercentileOf(std::vector<double> values, double q) { return Percentile(values, q); }

TEST_CASE("The aggregates by hand") {
  // Sorted: 0 1 2 3 | 4 ... of 8 values two are cut at each end: (2 + 3 + 4 + 5) / 4.
  const Scores scores = {{7, 1, 0, 5}, {2, 4, 3, 100}};
  const Aggregates a = Aggregate(scores, 4);
  CHECK(a.iqm == Approx((2 + 3 + 4 + 5) / 4.0));
  CHECK(a.mean == Approx((13 / 4.0 + 109 / 4.0) / 2));
  CHECK(a.median == Approx((13 / 4.0 + 109 / 4.0) / 2));  // of two tasks: their middle
  CHECK(a.optimality_gap == Approx(((3 + 4) / 4.0 + (2 + 0 + 1) / 4.0) / 2));
  // Three tasks: the middle one. Five values: one is cut at each end.
  CHECK(Aggregate({{1}, {10}, {3}}).median == 3);
  CHECK(Aggregate({{9, 1, 2, 3, -5}}).iqm == Approx(2));
  // One run: everything is its score.
  CHECK(Aggregate({{0.25}}).iqm == 0.25);
  CHECK(Aggregate({{0.25}}).optimality_gap == 0.75);
}

TEST_CASE("An interval by hand: the mean of two runs") {
  // The mean of two draws of {0, 1} is 0, 1/2, 1 with probabilities 1/4, 1/2, 1/4.
  const Bootstrap wide{.repetitions = 10'000, .confidence = 0.95, .seed = 1};
  const Bootstrap narrow{.repetitions = 10'000, .confidence = 0.4, .seed = 1};
  const Interval ninety_five = AggregateWithIntervals({{0, 1}}, wide).mean;
  CHECK(ninety_five.value == 0.5);
  CHECK(ninety_five.low == 0);
  CHECK(ninety_five.high == 1);
  const Interval forty = AggregateWithIntervals({{0, 1}}, narrow).mean;  // from 30 % to 70 %
  CHECK(forty.low == 0.5);
  CHECK(forty.high == 0.5);
}

TEST_CASE(
    "Equal runs have intervals of width zero, and a shift of the scores shifts every interval") {
  const Bootstrap bootstrap{.repetitions = 500};
  const Interval none = AggregateWithIntervals({{2, 2, 2}, {2, 2, 2}}, bootstrap).iqm;
  CHECK(none.low == 2);
  CHECK(none.high == 2);
  const Interval a = AggregateWithIntervals({{1, 5, 2, 8}, {3, 9, 4, 7}}, bootstrap).iqm;
  const Interval b = AggregateWithIntervals({{11, 15, 12, 18}, {13, 19, 14, 17}}, bootstrap).iqm;
  CHECK(b.low == Approx(a.low + 10));
  CHECK(b.high == Approx(a.high + 10));
  CHECK(a.low < a.value);
  CHECK(a.value < a.high);
}

TEST_CASE("Probability of improvement by hand") {
  const Bootstrap bootstrap{.repetitions = 1000};
  // Pairs: 3 > 1, 3 > 2, 2 > 1 win, 2 = 2 ties.
  CHECK(ProbabilityOfImprovement({{3, 2}}, {{1, 2}}, bootstrap).value == Approx(3.5 / 4));
  CHECK(ProbabilityOfImprovement({{1, 2}}, {{3, 2}}, bootstrap).value == Approx(0.5 / 4));
  CHECK(ProbabilityOfImprovement({{5, 6}, {0, 0}}, {{1, 2}, {0, 0}}, bootstrap).value ==
        Approx(0.75));
  const Interval sure = ProbabilityOfImprovement({{5, 6, 7}}, {{1, 2}}, bootstrap);
  CHECK(sure.low == 1);
  CHECK(sure.high == 1);
}

TEST_CASE("Percentiles and medians are those of numpy") {
  CHECK(PercentileOf({1, 2, 3, 4}, 0.5) == 2.5);
  CHECK(PercentileOf({1, 2, 3, 4}, 0.025) == Approx(1.075));
  CHECK(PercentileOf({1, 2, 3, 4}, 1) == 4);
  CHECK(PercentileOf({7}, 0.3) == 7);
  const double never = std::numeric_limits<double>::infinity();
  CHECK(Median({3, 1, 2}) == 2);
  CHECK(Median({4, 1, 2, 3}) == 2.5);
  CHECK(Median({never, 1, never}) == never);
  CHECK(Median({never, never}) == never);
  CHECK(Median({never, 5, 7, 1}) == 6);
}

TEST_CASE("A median may be infinite, and the interval of a share never has width zero") {
  const double never = std::numeric_limits<double>::infinity();
  const Bootstrap bootstrap{.repetitions = 4000};
  const Interval some = MedianOfRuns({{100, never, 300, 200}}, bootstrap);
  CHECK(some.value == 250);
  CHECK(some.low == 100);
  CHECK(some.high == never);
  CHECK(MedianOfRuns({{never, 5, never}}, bootstrap).value == never);
  CHECK(MedianOfRuns({{7}, {9}}, bootstrap).value == 8);
  CHECK(PercentileOf({1, never}, 0) == 1);
  CHECK(PercentileOf({1, never}, 0.1) == never);
  CHECK(PercentileOf({never, never}, 0.5) == never);
  // Wilson's interval of 8 of 10: 0.4902 to 0.9433.
  const Interval most = Share(8, 10, 0.95);
  CHECK(most.value == 0.8);
  CHECK(most.low == Approx(0.49016).epsilon(1e-4));
  CHECK(most.high == Approx(0.94331).epsilon(1e-4));
  CHECK(Share(10, 10, 0.95).high == 1);
  CHECK(Share(10, 10, 0.95).low == Approx(0.72247).epsilon(1e-4));
  CHECK_THROWS_AS(Share(0, 0, 0.95), std::invalid_argument);
}

TEST_CASE("A profile is the share of scores above each threshold") {
  const Bootstrap bootstrap{.repetitions = 300};
  const auto profile = PerformanceProfile({{1, 2}, {2, 3}}, {0, 1, 1.5, 2, 3}, bootstrap);
  const std::vector<double> expected = {1, 0.75, 0.75, 0.25, 0};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(profile[i].value == expected[i]);
    CHECK(profile[i].low <= expected[i]);
    CHECK(profile[i].high >= expected[i]);
  }
  CHECK_THROWS_AS(PerformanceProfile({{1}}, {1, 0}, bootstrap), std::invalid_argument);
}

TEST_CASE("A curve has the interquartile mean of each evaluation") {
  const Bootstrap bootstrap{.repetitions = 400};
  const std::vector<Scores> points = {{{0, 0, 0, 0}}, {{1, 2, 3, 4}}, {{9, 9, 9, 9}}};
  const auto curve = SampleEfficiency(points, bootstrap);
  REQUIRE(curve.size() == 3);
  CHECK(curve[0].value == 0);
  CHECK(curve[1].value == Approx(2.5));
  CHECK(curve[1].low < 2.5);
  CHECK(curve[1].high > 2.5);
  CHECK(curve[2].low == 9);
  CHECK(SampleEfficiency({}, bootstrap).empty());
  CHECK_THROWS_AS(SampleEfficiency({{{1, 2}}, {{1}}}, bootstrap), std::invalid_argument);
}

TEST_CASE("The same seed gives the same interval, another seed another one") {
  const Scores scores = {{0.1, 0.7, 0.3, 0.9, 0.4}, {0.2, 0.6, 0.8, 0.5, 0.25}};
  const auto low = [&](std::uint64_t seed) {
    return AggregateWithIntervals(scores, {.repetitions = 777, .seed = seed}).iqm.low;
  };
  CHECK(low(3) == low(3));
  CHECK(low(3) != low(4));
}

TEST_CASE("Intervals of ten tasks with ten runs shrink as the runs of each task repeat") {
  Rng rng(1);
  Scores scores(10, std::vector<double>(10));
  for (auto& task : scores) {
    for (double& score : task) score = rng.Uniform();
  }
  Scores repeated(10);
  for (std::size_t i = 0; i < 400; ++i) repeated[i % 10].push_back(scores[i % 10][i / 10 % 10]);
  const Interval few = AggregateWithIntervals(scores, {.repetitions = 5'000}).mean;
  const Interval many = AggregateWithIntervals(repeated, {.repetitions = 5'000}).mean;
  CHECK(many.value == Approx(few.value));
  // The standard error of a mean falls as 1 / √n.
  CHECK((many.high - many.low) / (few.high - few.low) == Approx(0.5).margin(0.05));
}

TEST_CASE("Invalid arguments are errors") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(Aggregate({}), std::invalid_argument);
  CHECK_THROWS_AS(Aggregate({{1}, {}}), std::invalid_argument);
  CHECK_THROWS_AS(Aggregate({{nan}}), std::invalid_argument);
  CHECK_THROWS_AS(AggregateWithIntervals({{1}}, {.repetitions = 0}), std::invalid_argument);
  CHECK_THROWS_AS(ProbabilityOfImprovement({{1}}, {{1}, {2}}, {}), std::invalid_argument);
}

TEST_CASE("Order statistics of a NaN are NaN, wherever it stands, and a NaN is the worst score") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const Bootstrap bootstrap{.repetitions = 500};
  for (std::size_t i = 0; i < 5; ++i) {
    INFO(i);
    std::vector<double> values = {3, 1, 4, 1.5, 9};
    values[i] = nan;
    CHECK(std::isnan(Median(values)));
    CHECK(std::isnan(PercentileOf(values, 0)));
    CHECK(std::isnan(PercentileOf(values, 1)));
    const Interval median = MedianOfRuns({values}, bootstrap);
    CHECK((std::isnan(median.value) && std::isnan(median.low) && std::isnan(median.high)));
    CHECK_THROWS_AS(Aggregate({values}), std::invalid_argument);
    CHECK(IsBetter(values[(i + 1) % 5], nan));
    CHECK(!IsBetter(nan, values[(i + 1) % 5]));
  }
  CHECK(IsBetter(-infinity, nan));
  CHECK(!IsBetter(nan, nan));
  CHECK(PercentileOf({-infinity, 5}, 0.5) == -infinity);
  // Finite scores whose sums overflow: the mean over the tasks is ∞ − ∞.
  const Scores overflowing = {{1.7e308, 1.7e308}, {-1.7e308, -1.7e308}};
  const Interval mean = AggregateWithIntervals(overflowing, bootstrap).mean;
  CHECK((std::isnan(mean.low) && std::isnan(mean.high)));
}

TEST_CASE("The aggregates are those of rliable") {
  const auto expected = Expected();
  for (const std::string name : {"A", "B", "C"}) {
    INFO(name);
    const Scores scores = ReadScores(name);
    const AggregateIntervals ours = AggregateWithIntervals(scores, {.seed = 7});
    const std::map<std::string, Interval> values = {{"iqm", ours.iqm},
                                                    {"median", ours.median},
                                                    {"mean", ours.mean},
                                                    {"optimality_gap", ours.optimality_gap}};
    for (const auto& [statistic, interval] : values) {
      INFO(statistic);
      const auto& ci = expected[name]["ci95"][statistic];
      CHECK(std::abs(interval.value - expected[name][statistic].get<double>()) < kExact);
      CHECK(std::abs(interval.low - ci[0].get<double>()) < kMonteCarlo);
      CHECK(std::abs(interval.high - ci[1].get<double>()) < kMonteCarlo);
    }
    const auto taus = expected[name]["profile_tau"].get<std::vector<double>>();
    const auto profile = PerformanceProfile(scores, taus, {.repetitions = 10});
    for (std::size_t i = 0; i < taus.size(); ++i) {
      CHECK(std::abs(profile[i].value - expected[name]["profile_runs"][i].get<double>()) < kExact);
    }
  }
}

TEST_CASE("The probabilities of improvement are those of rliable") {
  const auto expected = Expected()["probability_of_improvement"];
  CHECK(expected.size() == 6);
  for (const auto& [pair, probability] : expected.items()) {
    INFO(pair);
    const Interval ours = ProbabilityOfImprovement(
        ReadScores(pair.substr(0, 1)), ReadScores(pair.substr(2, 1)), {.repetitions = 10});
    CHECK(std::abs(ours.value - probability.get<double>()) < kExact);
  }
}

}  // namespace
}  // namespace nabla::experiment
