// The analysis of a small invented experiment, with every number computed by hand.
#include "apps/experiment/statistics/analysis.h"

#include <cmath>
#include <limits>

#include "apps/experiment/report/csv_tables.h"
#include "apps/experiment/report/summary_tables.h"
#include "tests/support/catch.h"

namespace nabla::experiment {
namespace {

using test::ContainsText;

UnitResult Finished(std::vector<double> returns) {
  UnitResult result;
  result.state = UnitState::kFinished;
  result.returns = std::move(returns);
  for (std::size_t i = 0; i < result.returns.size(); ++i) {
    result.steps.push_back(100 * static_cast<std::int64_t>(i + 1));
    result.seconds.push_back(0.5 * static_cast<double>(i + 1));
  }
  result.last_step = result.steps.back();
  return result;
}

UnitResult Failed(std::int64_t step, std::vector<double> returns) {
  UnitResult result = Finished(std::move(returns));
  result.state = UnitState::kFailed;
  result.reason = "the training diverged, \"badly\"";
  result.last_step = step;
  return result;
}

// Two configurations with the seeds 0 and 1; high returns are good.
Plan TwoByTwo() {
  Plan plan;
  plan.name = "made up";
  plan.tasks = {{"swing", {}}};
  plan.configurations = {{"slow", {}}, {"fast, \"new\"", {}}};
  plan.seeds = {0, 1};
  plan.thresholds = {5};
  plan.statistics.repetitions = 2000;
  plan.statistics.band_repetitions = 500;
  plan.units = {{0, 0, 0, "slow/seed_0"},
                {1, 0, 0, "fast/seed_0"},
                {0, 0, 1, "slow/seed_1"},
                {1, 0, 1, "fast/seed_1"}};
  return plan;
}

std::vector<UnitResult> Results() {
  std::vector<UnitResult> results = {Finished({0, 2, 4}), Finished({4, 9, 8}), Finished({1, 5, 2}),
                                     Finished({5, 6, 7})};
  results[1].best = agent::BestReplay{200, 10, 7.5};
  return results;
}

TEST_CASE("Final, best and average are separate, and the best is the one evaluated again") {
  const Analysis all = Analyze(TwoByTwo(), Results());
  CHECK(all.units[1].final_return == 8);
  CHECK(all.units[1].average_return == 7);
  CHECK(all.units[1].chosen_return == 9);  // selects the best checkpoint
  CHECK(all.units[1].best_return == 7.5);
  CHECK(!all.units[0].best_return);  // not evaluated again, so not reported
  const ConfigurationResult& fast = all.configurations[1];
  CHECK(fast.measures[0].scores->values.mean.value == 7.5);
  CHECK(fast.measures[1].scores->values.mean.value == 7.5);
  CHECK(fast.measures[1].scores->runs == 1);
  CHECK(!fast.measures[1].scores->values.mean.has_bounds());
  CHECK(fast.measures[2].scores->values.mean.value == 6.5);
  CHECK(!all.configurations[0].measures[1].scores);
  CHECK(all.ranking == std::vector<std::size_t>{1, 0});
}

TEST_CASE("Thresholds: steps, seconds and the share of seeds that reached them") {
  const Analysis all = Analyze(TwoByTwo(), Results());
  const ThresholdResult& slow = all.configurations[0].thresholds[0];
  CHECK(slow.reached == 1);
  CHECK(slow.runs == 2);
  CHECK(slow.share.value == 0.5);
  CHECK(std::isinf(slow.steps.value));  // between 200 and never
  CHECK(slow.steps.low == 200);
  const ThresholdResult& fast = all.configurations[1].thresholds[0];
  CHECK(fast.reached == 2);
  CHECK(fast.steps.value == 150);  // of 200 and 100
  CHECK(fast.seconds.value == 0.75);
}

TEST_CASE("A curve has the interquartile mean at each step at which a run was evaluated") {
  std::vector<UnitResult> results = Results();
  results[3].steps = {100, 250, 300};  // at 200 its evaluation at 100 counts
  const Analysis all = Analyze(TwoByTwo(), results);
  const Curve& fast = all.configurations[1].scores;
  CHECK(fast.steps == std::vector<std::int64_t>{100, 200, 250, 300});
  const std::vector<double> expected = {4.5, 7, 7.5, 7.5};
  for (std::size_t k = 0; k < expected.size(); ++k) CHECK(fast.band[k].value == expected[k]);
}

TEST_CASE("Runs without a common evaluated step have no curve") {
  Plan plan = TwoByTwo();
  plan.seeds.push_back(2);
  plan.units.push_back({0, 0, 2, "slow/seed_2"});
  plan.units.push_back({1, 0, 2, "fast/seed_2"});
  std::vector<UnitResult> results = Results();  // all end at 300
  results[3].steps = {500, 600, 700};
  results.push_back(Finished({2, 3, 3}));
  results.push_back(Finished({6, 7, 7}));
  results[5].steps = {200, 300, 400};
  const Analysis all = Analyze(plan, results);
  CHECK(all.configurations[0].scores.steps.size() == 3);
  CHECK(all.configurations[1].scores.steps.empty());
  CHECK(all.configurations[1].scores.band.empty());
  CHECK(all.configurations[1].measures[kFinal].scores->runs == 3);
}

TEST_CASE("A pair gives its probability in both orders") {
  const Analysis all = Analyze(TwoByTwo(), Results());
  REQUIRE(all.improvements.size() == 1);
  CHECK(all.ImprovementOf(1, 0)->value == 1);
  CHECK(all.ImprovementOf(0, 1)->value == 0);
  CHECK(!all.ImprovementOf(0, 0));
}

TEST_CASE("A failed run is left out of the averages, or counts with the configured score") {
  std::vector<UnitResult> results = Results();
  results[3] = Failed(150, {5});
  Plan plan = TwoByTwo();
  const Analysis without = Analyze(plan, results);
  CHECK(without.configurations[1].counts.failed == 1);
  CHECK(without.configurations[1].measures[0].scores->values.mean.value == 8);
  CHECK(without.configurations[1].thresholds[0].reached == 2);  // before it failed
  CHECK_THAT(Conclusion(without),
             ContainsText("1 of 4 runs failed; averages leave failed runs out."));
  plan.statistics.failed_score = -2;
  const Analysis with = Analyze(plan, results);
  CHECK(with.configurations[1].measures[0].scores->values.mean.value == 3);
  const Curve& curve = with.configurations[1].scores;
  REQUIRE(curve.band.size() == 3);
  CHECK(curve.band[0].value == 4.5);  // of 4 and 5
  CHECK(curve.band[1].value == 3.5);  // of 9 and -2
}

TEST_CASE("Several tasks are averaged as scores, and each task has its returns") {
  Plan plan = TwoByTwo();
  plan.tasks = {{"swing", {0, 10}}, {"reach", {-100, 0}}};
  plan.thresholds = {0.5};
  plan.units = {{0, 0, 0, "a"}, {0, 1, 0, "b"}, {1, 0, 0, "c"}, {1, 1, 0, "d"}};
  const Analysis all = Analyze(
      plan, {Finished({1, 4}), Finished({-80, -60}), Finished({2, 6}), Finished({-60, -10})});
  CHECK(all.configurations[0].measures[0].scores->values.mean.value == Approx(0.4));
  CHECK(all.configurations[1].measures[0].scores->values.mean.value == Approx((0.6 + 0.9) / 2));
  CHECK(all.configurations[1].measures[0].scores->values.optimality_gap.value ==
        Approx((0.4 + 0.1) / 2));
  CHECK(all.configurations[1].measures[0].returns[1]->values.mean.value == -10);
  // Without a score range there is no average.
  plan.tasks[1].score.clear();
  const Analysis apart = Analyze(
      plan, {Finished({1, 4}), Finished({-80, -60}), Finished({2, 6}), Finished({-60, -10})});
  CHECK(!apart.configurations[0].measures[0].scores);
  CHECK(apart.configurations[0].measures[0].returns[1]->values.mean.value == -60);
}

TEST_CASE("The analysis does not depend on the number of threads") {
  CHECK(AggregateCsv(Analyze(TwoByTwo(), Results(), 1)) ==
        AggregateCsv(Analyze(TwoByTwo(), Results(), 3)));
}

TEST_CASE("Tables quote cells with commas and leave missing values empty") {
  std::vector<UnitResult> results = Results();
  results[2] = Failed(150, {1});
  const Analysis all = Analyze(TwoByTwo(), results);
  const std::string summary = SummaryCsv(all);
  CHECK_THAT(summary,
             ContainsText("fast/seed_0,\"fast, \"\"new\"\"\",swing,0,finished,,300,1.5,8,8,"
                          "7.5,7.5,200,9,7,7,,,200,1\n"));
  CHECK_THAT(summary,
             ContainsText("slow/seed_1,slow,swing,1,failed,"
                          "\"the training diverged, \"\"badly\"\"\",150,0.5,,,,,,,,,,,,\n"));
  const std::string aggregate = AggregateCsv(all);
  CHECK_THAT(aggregate, ContainsText("slow,all,threshold 5,share_reached,share,0,0,"));
  CHECK_THAT(aggregate, ContainsText("slow,all,threshold 5,median,steps,inf,inf,inf,2\n"));
  CHECK_THAT(aggregate, ContainsText("slow,all,final,iqm,return,4,,,1\n"));
  CHECK(aggregate.find("optimality_gap") == std::string::npos);  // returns have no optimum
}

TEST_CASE("Numbers are rounded to the width of their interval") {
  CHECK(IntervalText({-152.3678, -155.04, -149.12}) == "-152.4 [-155.0, -149.1]");
  CHECK(IntervalText({0.12345, 0.1, 0.2}) == "0.12 [0.10, 0.20]");
  CHECK(IntervalText({1234.5, 1000, 1500}) == "1234 [1000, 1500]");
  CHECK(IntervalText({3.25}) == "3.250");
  const double never = std::numeric_limits<double>::infinity();
  CHECK(CountText(Interval{never, 1234, never}) == "never [1,234, never]");
  CHECK(IntervalText({never, never, never}) == "never");
  CHECK(CountText(-1234567) == "-1,234,567");
  CHECK(CountText(123) == "123");
  CHECK(IntervalText({-0.001, -3, 3}) == "0.0 [-3.0, 3.0]");
}

TEST_CASE("A table is aligned in a terminal and escaped in Markdown") {
  const Table table = {"T", {{"name", false}, {"µ"}}, {{"a|b", "1"}, {"é", "23"}}};
  CHECK(ToText(table) == "T\nname   µ\na|b    1\né     23\n");
  CHECK(ToMarkdown(table) == "T\n\n| name | µ |\n|---|--:|\n| a\\|b | 1 |\n| é | 23 |\n");
}

TEST_CASE("The conclusion says which differences are significant") {
  Plan plan = TwoByTwo();
  CHECK_THAT(Conclusion(Analyze(plan, Results())),
             ContainsText("fast, \"new\" has the highest final return") &&
                 ContainsText("beat those of slow with a probability above ½"));
  std::vector<UnitResult> close = {Finished({1}), Finished({2}), Finished({3}), Finished({2})};
  CHECK_THAT(Conclusion(Analyze(plan, close)),
             ContainsText("Its difference from fast, \"new\" is not significant."));
  close[0].state = UnitState::kMissing;
  close[2].state = UnitState::kMissing;
  CHECK_THAT(Conclusion(Analyze(plan, close)),
             ContainsText("The result is preliminary: 2 of 4 runs are not finished."));
}

TEST_CASE("A single run of a configuration has values without intervals everywhere") {
  Plan plan = TwoByTwo();
  plan.units = {{0, 0, 0, "slow/seed_0"}, {1, 0, 0, "fast/seed_0"}};
  std::vector<UnitResult> results = Results();
  results.resize(2);
  const Analysis all = Analyze(plan, results);
  const ConfigurationResult& fast = all.configurations[1];
  CHECK(fast.measures[kFinal].scores->values.iqm.value == 8);
  CHECK(!fast.measures[kFinal].scores->values.iqm.has_bounds());
  CHECK(!fast.scores.band.front().has_bounds());
  CHECK(!fast.profile.front().has_bounds());
  CHECK(!fast.thresholds[0].share.has_bounds());
  CHECK(!fast.thresholds[0].steps.has_bounds());
  CHECK(all.ImprovementOf(1, 0)->value == 1);
  CHECK(!all.ImprovementOf(1, 0)->has_bounds());
  CHECK(ImprovementCsv(all) == "x,y,probability,low,high\n\"fast, \"\"new\"\"\",slow,1,,\n");
  for (const Table& table : SummaryTables(all)) {
    for (const auto& row : table.rows) {
      for (const std::string& cell : row) CHECK(cell.find('[') == std::string::npos);
    }
  }
  CHECK_THAT(Conclusion(all), ContainsText("use more seeds"));
  // The best has two runs, the other one a single run.
  plan.units.push_back({1, 0, 1, "fast/seed_1"});
  results.push_back(Finished({5, 6, 7}));
  CHECK_THAT(Conclusion(Analyze(plan, results)),
             ContainsText("Its difference from slow cannot be judged by a single run"));
}

TEST_CASE("Names are shown as they are in every format") {
  const std::string name = "=1+1|<b>&*_x_*\n\x1b[31m`$(id)`[a](b)";
  Plan plan = TwoByTwo();
  plan.configurations[0].name = name;
  const Analysis all = Analyze(plan, Results());
  const Table table = MainTable(all);
  const std::string text = ToText(table);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK_THAT(text, ContainsText("=1+1|<b>&*_x_*\\n\\x1b[31m`$(id)`[a](b)"));
  const std::string markdown = ToMarkdown(table);
  CHECK_THAT(markdown, ContainsText("| =1+1\\|\\<b>\\&\\*\\_x\\_\\*\\\\n"));
  CHECK_THAT(markdown, ContainsText("\\`\\$(id)\\`[a]\\(b) |"));
  CHECK(markdown.find('\x1b') == std::string::npos);
  const std::string csv = AggregateCsv(all);
  CHECK_THAT(csv, ContainsText("\n'=1+1|<b>&*_x_*\\n\\x1b[31m"));
  CHECK(csv.find('\x1b') == std::string::npos);
}

}  // namespace
}  // namespace nabla::experiment
