// `nabla experiment` as users run it: the results are bit-identical for any number and order of the
// workers and after any number of kills, and no result is lost.
#include <signal.h>
#include <sys/wait.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>

#include "agent/run/run_folder.h"
#include "agent/state/file_io.h"
#include "apps/experiment/execution/experiment_folder.h"
#include "apps/experiment/execution/pool.h"
#include "tests/apps/experiment/fixture.h"
#include "tests/support/catch.h"

namespace nabla::experiment {
namespace {

namespace fs = std::filesystem;
using test::ContainsText;

// A task that trains for hours.
constexpr const char* kEndless =
    "base: tiny.yaml\n"
    "seeds: 0-1\n"
    "configurations: {a: {trainer.steps: 100000000}}\n";

std::vector<std::string> Outcomes(const fs::path& experiment) {
  const ExperimentPaths paths{experiment};
  std::vector<std::string> outcomes;
  for (const Unit& unit : ReadPlan(paths).units) {
    agent::Checksum checksum;  // short, since a failure prints it
    checksum.Add(agent::BytesOf(Outcome(paths.unit(unit))));
    outcomes.push_back(unit.folder + " " + agent::ToHex(checksum.Value()));
  }
  return outcomes;
}

std::string StatusOf(const fs::path& run) {
  return agent::ReadMeta(agent::RunPaths{run}).value("status", "");
}

// True if both units have a later checkpoint than their first.
bool BothLearn(const fs::path& experiment) {
  for (const char* unit : {"a/seed_0", "a/seed_1"}) {
    const fs::path folder = agent::RunPaths{experiment / unit}.checkpoint();
    std::error_code error;
    const fs::path latest = fs::read_symlink(folder / "latest", error);
    if (error || latest == "step_0") return false;
  }
  return true;
}

TEST_CASE("Results are the same for any number of jobs, threads and shards") {
  const Bench bench;
  bench.Write("e.yaml", kTwoByTwo);
  const auto run = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"experiment", "e.yaml"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ended ended = Nabla(bench.path(), arguments);
    INFO(ended.output);
    CHECK(ended.code == 0);
  };
  run({"--out", "one", "--jobs", "1"});
  run({"--out", "three", "--jobs", "3", "--threads", "2"});
  // Two shards at the same time in one folder.
  Program other(bench.path(), {"experiment", "e.yaml", "--out", "shards", "--shard", "1/2"});
  run({"--out", "shards", "--shard", "0/2"});
  CHECK(other.Wait().code == 0);
  const auto expected = Outcomes(bench / "one");
  CHECK(std::set<std::string>(expected.begin(), expected.end()).size() == 4);
  CHECK(Outcomes(bench / "three") == expected);
  CHECK(Outcomes(bench / "shards") == expected);
}

TEST_CASE("A unit is the same training run as that of nabla train") {
  const Bench bench;
  bench.Write("e.yaml", kTwoByTwo);
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml", "--quiet"}).code == 0);
  CHECK(Nabla(bench.path(), {"train", "tiny.yaml", "--seed", "1", "--set",
                             "agent.polyak_rate=0.001", "--run-dir", "alone"})
            .code == 0);
  const bool same = Outcome(bench / "alone") == Outcome(bench / "experiments/e/slow/seed_1");
  CHECK(same);
}

TEST_CASE("A finished experiment is not run again") {
  const Bench bench;
  bench.Write("e.yaml", kTwoByTwo);
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml"}).code == 0);
  const fs::path progress = bench / "experiments/e/TD3/seed_0/progress.csv";
  const auto before = fs::last_write_time(progress);
  const Ended again = Nabla(bench.path(), {"experiment", "e.yaml"});
  CHECK(again.code == 0);
  CHECK_THAT(again.output, ContainsText("0 to run"));
  CHECK(fs::last_write_time(progress) == before);
  // With more seeds, only the new ones run.
  const Ended more = Nabla(bench.path(), {"experiment", "e.yaml", "--set", "seeds=0-2"});
  CHECK_THAT(more.output, ContainsText("6 units, 2 to run"));
  CHECK(fs::last_write_time(progress) == before);
}

TEST_CASE("SIGINT checkpoints all workers and prints the command that resumes") {
  const Bench bench;
  bench.Write("e.yaml", kEndless);
  Program program(bench.path(), {"experiment", "e.yaml", "--jobs", "2"});
  REQUIRE(Eventually([&] { return BothLearn(bench / "experiments/e"); }));
  program.Signal(SIGINT);
  const Ended ended = program.Wait();
  INFO(ended.output);
  CHECK(ended.code == 130);
  CHECK_THAT(ended.output, ContainsText("nabla experiment e.yaml --jobs 2"));
  for (const char* unit : {"a/seed_0", "a/seed_1"}) {
    const agent::RunPaths run{bench / "experiments/e" / unit};
    const nlohmann::json meta = agent::ReadMeta(run);
    CHECK(meta["status"] == "interrupted");
    // The checkpoint is from the step at which the run stopped.
    CHECK(fs::read_symlink(run.checkpoint() / "latest") ==
          "step_" + std::to_string(meta["last_step"].get<std::int64_t>()));
  }
}

TEST_CASE("An experiment that was killed resumes and gives the same bits") {
  const Bench bench;
  bench.Write("e.yaml",
              "base: tiny.yaml\nseeds: 0-1\nconfigurations: {a: {trainer.steps: 20000}}\n");
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml", "--out", "whole"}).code == 0);
  {
    Program program(bench.path(), {"experiment", "e.yaml", "--out", "cut"});
    REQUIRE(Eventually([&] { return BothLearn(bench / "cut"); }));
    program.Signal(SIGKILL);
    program.Wait();
  }
  // Its workers notice the end of their parent.
  const ExperimentPaths cut{bench / "cut"};
  const Plan plan = ReadPlan(cut);
  REQUIRE(Eventually([&] {
    return !IsLocked(cut.unit_lock(plan.units[0])) && !IsLocked(cut.unit_lock(plan.units[1]));
  }));
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml", "--out", "cut"}).code == 0);
  CHECK(Outcomes(bench / "cut") == Outcomes(bench / "whole"));
}

TEST_CASE("A unit that diverges is recorded with its reason, and the others continue") {
  const Bench bench;
  bench.Write("e.yaml",
              "base: tiny.yaml\nseeds: 0-1\n"
              "configurations: {good: {}, bad: {agent.critic_learning_rate: 1e30}}\n");
  const Ended ended = Nabla(bench.path(), {"experiment", "e.yaml", "--jobs", "1"});
  INFO(ended.output);
  CHECK(ended.code == 1);
  CHECK_THAT(ended.output, ContainsText("bad/seed_0: the training diverged at step"));
  CHECK(StatusOf(bench / "experiments/e/good/seed_1") == "finished");
  CHECK(StatusOf(bench / "experiments/e/bad/seed_1") == "failed");
  // It would fail again, so it runs again only on request.
  CHECK_THAT(Nabla(bench.path(), {"experiment", "e.yaml"}).output, ContainsText("0 to run"));
  const Ended retried = Nabla(bench.path(), {"experiment", "e.yaml", "--retry-failed"});
  CHECK_THAT(retried.output, ContainsText("2 to run"));
  CHECK(retried.code == 1);
}

TEST_CASE("A truncated result file is reported, and its unit starts again") {
  const Bench bench;
  bench.Write("e.yaml", kTwoByTwo);
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml"}).code == 0);
  const auto whole = Outcomes(bench / "experiments/e");
  const fs::path progress = bench / "experiments/e/TD3/seed_1/progress.csv";
  const auto size = fs::file_size(progress);
  fs::resize_file(progress, size - 20);  // in the middle of the last row
  const Ended ended = Nabla(bench.path(), {"experiment", "e.yaml"});
  INFO(ended.output);
  CHECK(ended.code == 0);
  CHECK_THAT(ended.output, ContainsText("TD3/seed_1 is damaged and starts again: "
                                        "progress.csv:5: this row is cut off"));
  CHECK_THAT(ended.output, ContainsText("1 to run"));
  CHECK(Outcomes(bench / "experiments/e") == whole);
  // Missing rows are an error as well.
  std::string text = agent::ReadFile(progress);
  const std::size_t second = text.find('\n', text.find('\n') + 1) + 1;
  text.erase(second, text.find('\n', second) + 1 - second);
  agent::WriteFileAtomically(progress, text);
  CHECK_THAT(Nabla(bench.path(), {"experiment", "e.yaml"}).output,
             ContainsText("rows are missing before step"));
  CHECK(Outcomes(bench / "experiments/e") == whole);
}

TEST_CASE("The folder of something else and the units of another experiment stay as they are") {
  const Bench bench;
  bench.Write("e.yaml", kTwoByTwo);
  fs::create_directory(bench / "thesis");
  bench.Write("thesis/text.tex", "\\begin{document}");
  const Ended foreign = Nabla(bench.path(), {"experiment", "e.yaml", "--out", "thesis"});
  CHECK(foreign.code == 2);
  CHECK_THAT(foreign.output, ContainsText("neither empty nor the folder of an experiment"));
  CHECK(agent::ListFolder(bench / "thesis") == std::vector<std::string>{"text.tex"});
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml", "--quiet"}).code == 0);
  bench.Write("e.yaml", std::string(kTwoByTwo) + "grid: {}\n");
  const std::string task = bench.Read("tiny.yaml");
  bench.Write("tiny.yaml", task + "seed: 3\n");  // units have their own seeds
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml", "--quiet"}).code == 0);
  std::string longer = task;
  bench.Write("tiny.yaml", longer.replace(longer.find("steps: 600"), 10, "steps: 700"));
  const Ended other = Nabla(bench.path(), {"experiment", "e.yaml"});
  CHECK(other.code == 2);
  CHECK_THAT(other.output, ContainsText("TD3/seed_0 was trained with trainer.steps 600"));
}

TEST_CASE("A dry run prints the units and an estimate, and creates no files") {
  const Bench bench;
  bench.Write("e.yaml", kTwoByTwo);
  const Ended ended = Nabla(bench.path(), {"experiment", "e.yaml", "--dry-run", "--jobs", "2"});
  CHECK(ended.code == 0);
  CHECK_THAT(ended.output, ContainsText("slow/seed_1  600 steps"));
  CHECK_THAT(ended.output, ContainsText("4 units (2 configurations, 1 task, 2 seeds), 4 to run"));
  CHECK_THAT(ended.output, ContainsText("MB per job"));
  CHECK(!fs::exists(bench / "experiments"));
}

TEST_CASE("A worker that dies is recorded: a crash as a failure, a kill as an interruption") {
  const Bench bench;
  const auto end_by = [&](int signal) {
    bench.Write("e.yaml", kEndless);
    const std::string out = "by_" + std::to_string(signal);
    Program program(bench.path(), {"experiment", "e.yaml", "--jobs", "2", "--out", out});
    REQUIRE(Eventually([&] { return BothLearn(bench / out); }));
    // The lock file of a run names its process.
    const pid_t worker =
        std::stoi(agent::ReadFile(agent::RunPaths{bench / out / "a/seed_0"}.lock()));
    ::kill(worker, signal);
    REQUIRE(Eventually([&] { return StatusOf(bench / out / "a/seed_0") != "running"; }));
    program.Signal(SIGINT);
    const Ended ended = program.Wait();
    CHECK_THAT(ended.output, ContainsText("a/seed_0: ended by signal " + std::to_string(signal)));
    CHECK(StatusOf(bench / out / "a/seed_1") == "interrupted");
    return StatusOf(bench / out / "a/seed_0");
  };
  CHECK(end_by(SIGSEGV) == "failed");
  CHECK(end_by(SIGKILL) == "interrupted");
}

TEST_CASE("Cores are shared out completely and evenly") {
  const auto cores = static_cast<std::size_t>(AvailableCores());
  std::set<int> all;
  for (int jobs : {1, 2, 3, 7}) {
    const auto shares = CoreShares(jobs);
    REQUIRE(shares.size() == static_cast<std::size_t>(jobs));
    std::size_t handed_out = 0;
    for (const auto& share : shares) {
      CHECK(share.size() >= 1);
      handed_out += share.size();
      all.insert(share.begin(), share.end());
    }
    CHECK(handed_out == std::max(cores, shares.size()));
  }
  CHECK(all.size() == cores);
}

TEST_CASE("An experiment whose only worker is killed says so and exits with 1") {
  const Bench bench;
  bench.Write("e.yaml",
              "base: tiny.yaml\nseeds: 0\nconfigurations: {a: {trainer.steps: 100000000}}\n");
  Program program(bench.path(), {"experiment", "e.yaml"});
  const agent::RunPaths run{bench / "experiments/e/a/seed_0"};
  REQUIRE(Eventually([&] { return fs::exists(run.checkpoint() / "latest"); }));
  ::kill(std::stoi(agent::ReadFile(run.lock())), SIGKILL);
  const Ended ended = program.Wait();
  INFO(ended.output);
  CHECK(ended.code == 1);
  CHECK_THAT(ended.output, ContainsText("1 unit is not finished") && ContainsText("0 finished"));
}

TEST_CASE("A shard is successful when its own units have finished") {
  const Bench bench;
  bench.Write("e.yaml", kTwoByTwo);
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml", "--shard", "0/2"}).code == 0);
}

TEST_CASE("A unit that nabla resume trains meanwhile is left to it") {
  const Bench bench;
  bench.Write("e.yaml",
              "base: tiny.yaml\nseeds: 0\nconfigurations: {a: {trainer.steps: 100000000}}\n");
  const fs::path unit = bench / "experiments/e/a/seed_0";
  const agent::RunPaths run{unit};
  const auto interrupt = [&](Program& program) {
    REQUIRE(Eventually([&] { return fs::exists(run.checkpoint() / "latest"); }));
    program.Signal(SIGTERM);
    return program.Wait();
  };
  Program first(bench.path(), {"experiment", "e.yaml"});
  CHECK(interrupt(first).code == 143);
  bench.Write("experiments/e/a/seed_0/notes.txt", "mine");
  Program other(bench.path(), {"resume", unit.string()});
  REQUIRE(Eventually([&] { return StatusOf(unit) == "running"; }));
  const Ended again = Nabla(bench.path(), {"experiment", "e.yaml"});
  INFO(again.output);
  CHECK(again.code == 1);
  CHECK_THAT(again.output, ContainsText("skipped, another process trains it"));
  CHECK(bench.Read("experiments/e/a/seed_0/notes.txt") == "mine");
  CHECK(interrupt(other).code == 143);
  CHECK(StatusOf(unit) == "interrupted");
}

TEST_CASE("A finished unit with an unreadable config starts again once, and its old files stay") {
  const Bench bench;
  bench.Write("e.yaml", "base: tiny.yaml\nseeds: 0\nconfigurations: {a: {}}\n");
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml"}).code == 0);
  const auto whole = Outcomes(bench / "experiments/e");
  const std::string config = bench.Read("experiments/e/a/seed_0/config.yaml");
  bench.Write("experiments/e/a/seed_0/config.yaml", config + "newer: 1\n");
  const Ended ended = Nabla(bench.path(), {"experiment", "e.yaml"});
  INFO(ended.output);
  CHECK(ended.code == 0);
  CHECK_THAT(ended.output, ContainsText("a/seed_0 is damaged and starts again") &&
                               ContainsText("newer: unknown key") && ContainsText("finished 1/1"));
  CHECK(Outcomes(bench / "experiments/e") == whole);
  CHECK(bench.Read("experiments/e/a/seed_0.old_1/config.yaml") == config + "newer: 1\n");
  CHECK_THAT(Nabla(bench.path(), {"experiment", "e.yaml"}).output, ContainsText("0 to run"));
}

TEST_CASE("A signal during the report ends the program, since all units are on disk") {
  const Bench bench;
  bench.Write("e.yaml", "base: tiny.yaml\nseeds: 0\nconfigurations: {a: {}}\n");
  fs::create_directory(bench / "bin");
  bench.Write("bin/gnuplot",
              "#!/bin/sh\ntouch '" + (bench / "drawing").string() + "'\nexec sleep 20\n");
  fs::permissions(bench / "bin/gnuplot", fs::perms::owner_all);
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", ((bench / "bin").string() + ":" + path).c_str(), 1);
  Program program(bench.path(), {"experiment", "e.yaml"});
  ::setenv("PATH", path.c_str(), 1);
  REQUIRE(Eventually([&] { return fs::exists(bench / "drawing"); }));
  program.Signal(SIGTERM);
  CHECK(program.Wait().code == 143);
  CHECK(StatusOf(bench / "experiments/e/a/seed_0") == "finished");
}

}  // namespace
}  // namespace nabla::experiment
