// Searches as users run them: the same results for any number of jobs and after a kill, and the
// files that they write.
#include <signal.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "agent/run/run_folder.h"
#include "agent/state/file_io.h"
#include "apps/experiment/execution/experiment_folder.h"
#include "apps/experiment/report/search_results.h"
#include "tests/apps/experiment/fixture.h"
#include "tests/support/catch.h"

namespace nabla::experiment {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::ContainsText;

// 12 trials on three rungs; the last has the task's 600 steps and two seeds.
constexpr const char* kSearch = R"(base: tiny.yaml
seeds: 0-1
search:
  method: tpe
  trials: 12
  parallel: 3
  seed: 1
  parameters:
    agent.polyak_rate: {log: [0.001, 0.5]}
    width: {choice: [[4], [8], [12]], keys: [agent.actor.hidden, agent.critic.hidden]}
    agent.policy_delay: {int: [1, 3]}
  halving: {reduction: 2, steps: [150, 300, 600], seeds: [1, 1, 2]}
)";

Ended Run(const Bench& bench, std::vector<std::string> more) {
  std::vector<std::string> arguments = {"experiment", "s.yaml"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return Nabla(bench.path(), arguments);
}

// The results of the search and of the units of the finalists.
std::string Found(const Bench& bench, const std::string& out) {
  std::string text = bench.Read(out + "/search.json") + bench.Read(out + "/search.csv") +
                     bench.Read(out + "/best.yaml");
  const ExperimentPaths paths{bench / out};
  for (const Unit& unit : ReadPlan(paths).units) text += Outcome(paths.unit(unit));
  return text;
}

TEST_CASE("A search is the same for any number of jobs") {
  const Bench bench;
  bench.Write("s.yaml", kSearch);
  const Ended one = Run(bench, {"--jobs", "1", "--out", "one"});
  INFO(one.output);
  REQUIRE(one.code == 0);
  CHECK(Run(bench, {"--jobs", "3", "--out", "three", "--threads", "2"}).code == 0);
  const bool same = Found(bench, "one") == Found(bench, "three");
  CHECK(same);
  const json found = json::parse(bench.Read("one/search.json"));
  CHECK(found["finished"] == true);
  CHECK(found["ranking"].size() == 12);
  CHECK(found["importance"].size() == 3);
  // 12 trials, the best half of them, the best half of those; more through early promotions.
  std::vector<int> rungs(3);
  for (const json& job : found["jobs"]) ++rungs[job["rung"].get<std::size_t>()];
  CHECK(rungs[0] == 12);
  CHECK(rungs[1] >= 6);
  CHECK(rungs[2] >= 3);
  const std::string best = found["ranking"][0]["trial"];
  CHECK_THAT(one.output, ContainsText("1  " + best));
  CHECK_THAT(one.output, ContainsText("agent.policy_delay"));
  CHECK(fs::exists(bench / "one/summary.csv"));
  // A finalist equals the run of its task file.
  CHECK(Nabla(bench.path(), {"train", "one/best.yaml", "--run-dir", "again"}).code == 0);
  const bool repeats = Outcome(bench / "again") == Outcome(bench / ("one/" + best + "/seed_0"));
  CHECK(repeats);
  // Running the search again trains nothing and gives the same result.
  const std::string before = Found(bench, "one");
  const Ended again = Run(bench, {"--out", "one"});
  CHECK(again.code == 0);
  CHECK(again.output.find("finished 1/") == std::string::npos);
  const bool unchanged = Found(bench, "one") == before;
  CHECK(unchanged);
}

TEST_CASE("A search that was killed resumes and gives the same result") {
  const Bench bench;
  std::string text = kSearch;
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"[150, 300, 600]", "[1500, 3000, 6000]"}}) {
    text.replace(text.find(from), from.size(), to);
  }
  bench.Write("s.yaml", text);
  CHECK(Run(bench, {"--jobs", "2", "--out", "whole", "--quiet"}).code == 0);
  for (const int signal : {SIGKILL, SIGINT, SIGKILL}) {
    Program program(bench.path(), {"experiment", "s.yaml", "--jobs", "2", "--out", "cut"});
    const std::string trial = signal == SIGINT ? "cut/trial_07" : "cut/trial_03";
    Eventually([&] { return fs::exists(bench / trial); });
    program.Signal(signal);
    const Ended ended = program.Wait();
    if (signal == SIGINT && ended.code != 0) {
      CHECK(ended.code == 130);
      CHECK_THAT(ended.output, ContainsText("continue with:\n  " NABLA_PROGRAM
                                            " experiment s.yaml --out cut --jobs 2"));
    }
  }
  REQUIRE(Eventually([&] {
    for (const auto& lock : fs::directory_iterator(bench / "cut/.locks")) {
      if (IsLocked(lock.path())) return false;
    }
    return true;
  }));
  const Ended ended = Run(bench, {"--out", "cut"});
  INFO(ended.output);
  CHECK(ended.code == 0);
  const bool same = Found(bench, "cut") == Found(bench, "whole");
  CHECK(same);
}

TEST_CASE("Diverged trials rank last, and the search continues without them") {
  const Bench bench;
  bench.Write("s.yaml",
              "base: tiny.yaml\nseeds: [4]\n"
              "search:\n  method: cma_es\n  trials: 12\n  population: 4\n  parallel: 4\n"
              "  parameters: {agent.critic_learning_rate: {log: [1.0e-4, 1.0e+4]}}\n");
  const Ended ended = Run(bench, {"--jobs", "2"});
  INFO(ended.output);
  CHECK(ended.code == 0);
  CHECK_THAT(ended.output, ContainsText("diverged"));
  const json found = json::parse(bench.Read("experiments/s/search.json"));
  CHECK(found["ranking"].size() == 12);
  CHECK(found["ranking"][0]["score"].is_number());
  CHECK(found["ranking"][11]["score"].is_null());
}

TEST_CASE("A dry run of a search prints ranges, rungs and the first trials, and creates no files") {
  const Bench bench;
  bench.Write("s.yaml", kSearch);
  const Ended ended = Run(bench, {"--dry-run"});
  INFO(ended.output);
  CHECK(ended.code == 0);
  CHECK_THAT(ended.output, ContainsText("search: tpe, 12 trials, 3 at a time, seed 1"));
  CHECK_THAT(ended.output, ContainsText("agent.polyak_rate: log 0.001 … 0.5"));
  CHECK_THAT(ended.output, ContainsText("rung 3: 3 trials, 600 steps, 2 seeds"));
  CHECK_THAT(ended.output, ContainsText("trial_02  agent.polyak_rate="));
  CHECK(!fs::exists(bench / "experiments"));
}

TEST_CASE("An error in a search is reported with its place, and nothing is trained") {
  const Bench bench;
  const auto told = [&](const std::string& from, const std::string& to, const std::string& said) {
    std::string text = kSearch;
    REQUIRE(text.find(from) != std::string::npos);
    text.replace(text.find(from), from.size(), to);
    bench.Write("s.yaml", text);
    const Ended ended = Run(bench, {});
    INFO(from << " -> " << to);
    CHECK(ended.code == 2);
    CHECK_THAT(ended.output, ContainsText(said));
    CHECK(!fs::exists(bench / "experiments"));
  };
  told("method: tpe", "method: magic", "s.yaml:4:11: search.method: ");
  told("trials: 12", "trails: 12", "s.yaml:5:3: search.trails: unknown key");
  told("agent.polyak_rate:", "agent.polyak:", "s.yaml:9:5: agent.polyak: unknown key");
  told("log: [0.001, 0.5]", "log: [0, 0.5]", "the bounds of a logarithmic range must be above 0");
  told("log: [0.001, 0.5]", "log: [0.5, 0.001]", "expected [low, high] with low < high");
  told("log: [0.001, 0.5]", "log: [0.001, 5]", "is out of range");
  told("log: [0.001, 0.5]", "ln: [0.001, 0.5]", "unknown key (keys here: linear, log,");
  told("int: [1, 3]", "int: [1, 2.5]", "expected two integers");
  told("choice: [[4], [8], [12]]", "choice: [[4], [4]]", "all different");
  told("agent.policy_delay: {int", "agent.batch_size: {keys: [agent.polyak_rate], int",
       "already sets it");
  told("steps: [150, 300, 600]", "steps: [100, 300, 600]", "is not a multiple of evaluation.every");
  told("steps: [150, 300, 600]", "steps: [600, 300, 600]", "each rung needs more steps or seeds");
  told("agent.policy_delay: {int: [1, 3]}",
       "agent.optimizer.schedule: {choice: [constant, linear]}",
       "agent.optimizer.schedule (linear) follows trainer.steps");
  told("seeds: [1, 1, 2]", "seeds: [1, 2]", "need one value per rung");
  told("seeds: [1, 1, 2]", "seeds: [1, 1, 3]", "the file lists 2 seeds");
  told("method: tpe", "method: cma_es", "cma_es compares whole generations");
  told("search:", "grid: {agent.gamma: [0.9, 1]}\nsearch:", "remove configurations and grid");
  told("agent.policy_delay: {int: [1, 3]}", "environment.step_limit: {int: [100, 200]}",
       "units differ in environment.step_limit");
}

TEST_CASE("A search with another definition cannot resume in the folder of a search") {
  const Bench bench;
  bench.Write("s.yaml", kSearch);
  CHECK(Run(bench, {"--quiet"}).code == 0);
  const std::string before = bench.Read("experiments/s/search.json");
  const Ended other = Run(bench, {"--set", "search.seed=2"});
  CHECK(other.code == 2);
  CHECK_THAT(other.output, ContainsText("another search, which differs in seed"));
  CHECK(Run(bench, {"--shard", "0/2"}).code == 2);
  bench.Write("s.yaml", "base: tiny.yaml\nseeds: 0-1\n");
  const Ended plain = Run(bench, {});
  CHECK(plain.code == 2);
  CHECK_THAT(plain.output, ContainsText("is the folder of a search"));
  CHECK(bench.Read("experiments/s/search.json") == before);
}

TEST_CASE("The shipped experiment files are valid") {
  int searches = 0;
  for (const auto& entry : fs::directory_iterator(NABLA_SOURCE_DIR "/config/experiments")) {
    INFO(entry.path());
    const ExperimentFile file = ReadExperimentFile(entry.path().string());
    if (!file.search) {
      CHECK(Expand(file).plan.units.size() > 1);
      continue;
    }
    ++searches;
    CHECK(Search(file, {"/nowhere"}, false).spec().parameters.size() > 1);
  }
  CHECK(searches > 0);
}

TEST_CASE("Importance is the share of the variance that a parameter explains alone") {
  std::vector<SearchParameter> parameters(3);
  parameters[0].name = "all";
  parameters[1].name = "nothing";
  parameters[2].name = "half";
  parameters[2].scale = SearchParameter::kChoice;
  parameters[2].choices = {"a", "b"};
  std::vector<Point> points;
  std::vector<double> alone, halves;
  Rng rng(1);
  for (int i = 0; i < 400; ++i) {
    points.push_back({rng.Uniform(), rng.Uniform(), rng.Uniform()});
    alone.push_back(-std::exp(5 * points.back()[0]));
    halves.push_back(points.back()[0] + (points.back()[2] < 0.5 ? 0 : 0.577));
  }
  const auto first = ImportanceOf(parameters, points, alone);
  REQUIRE(first.size() == 3);
  CHECK(first[0].share > 0.94);  // five groups of a line explain 24/25 of it
  CHECK(first[0].direction == Approx(-1));
  CHECK(first[1].share < 0.03);
  CHECK(first[2].share < 0.03);
  const auto second = ImportanceOf(parameters, points, halves);
  CHECK(second[0].share == Approx(0.48).margin(0.08));
  CHECK(second[2].share == Approx(0.5).margin(0.08));
  CHECK(second[2].direction == 0);
  CHECK(ImportanceOf(parameters, {{0, 0, 0}}, {1}).empty());
  // A trial whose score is NaN ranks below all others, as one that failed.
  const double lowest = -std::numeric_limits<double>::infinity();
  for (const std::size_t i : {0, 200, 399}) {
    std::vector<double> failed = alone, diverged = alone;
    failed[i] = lowest;
    diverged[i] = std::numeric_limits<double>::quiet_NaN();
    for (std::size_t d = 0; d < 3; ++d) {
      CHECK(ImportanceOf(parameters, points, diverged)[d].share ==
            ImportanceOf(parameters, points, failed)[d].share);
    }
  }
}

}  // namespace
}  // namespace nabla::experiment
