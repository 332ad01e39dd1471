// `nabla report` and `nabla compare` as users run them.
#include <nlohmann/json.hpp>

#include "agent/state/file_io.h"
#include "apps/experiment/execution/experiment_folder.h"
#include "tests/apps/experiment/fixture.h"
#include "tests/support/catch.h"

namespace nabla::experiment {
namespace {

namespace fs = std::filesystem;
using test::ContainsText;

const std::string kReportExperiment = std::string(kTwoByTwo) + "thresholds: [-2000]\n";

TEST_CASE("The tables are the same for any number of jobs, except for the seconds") {
  const Bench bench;
  bench.Write("e.yaml", kReportExperiment);
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml", "--out", "a", "--jobs", "1"}).code == 0);
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml", "--out", "b", "--jobs", "3"}).code == 0);
  const std::string summary = WithoutSeconds(bench.Read("a/summary.csv"));
  CHECK_THAT(summary, ContainsText("slow/seed_1,slow,Pendulum-v1,1,finished"));
  CHECK(summary == WithoutSeconds(bench.Read("b/summary.csv")));
  for (const char* file : {"improvement.csv", "curves.csv"}) {
    CHECK(bench.Read(std::string("a/") + file) == bench.Read(std::string("b/") + file));
  }
}

TEST_CASE("A report is built from the files on disk, also for half an experiment") {
  const Bench bench;
  bench.Write("e.yaml", kReportExperiment);
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml", "--shard", "0/2"}).code == 0);
  CHECK_THAT(bench.Read("experiments/e/summary.csv"),
             ContainsText("slow/seed_0,slow,Pendulum-v1,0,missing"));
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml", "--shard", "1/2"}).code == 0);
  const std::string whole = bench.Read("experiments/e/aggregate.csv");
  fs::remove(bench / "experiments/e/aggregate.csv");
  fs::remove(bench / "experiments/e/summary.csv");
  const Ended ended = Nabla(bench.path(), {"report", "experiments/e"});
  INFO(ended.output);
  CHECK(ended.code == 0);
  CHECK(bench.Read("experiments/e/aggregate.csv") == whole);
  CHECK_THAT(ended.output, ContainsText("experiments/e/summary.csv"));
}

TEST_CASE("The best return is the one that nabla evaluate gives for the best checkpoint") {
  const Bench bench;
  bench.Write("e.yaml", kReportExperiment);
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml"}).code == 0);
  const auto best = nlohmann::json::parse(bench.Read("experiments/e/slow/seed_1/best.json"));
  const Ended ended = Nabla(bench.path(), {"evaluate", "experiments/e/slow/seed_1", "--checkpoint",
                                           "best", "--seed", "1", "--episodes", "2", "--json"});
  const auto played = nlohmann::json::parse(ended.output);
  CHECK(best["return_mean"] == played["return_mean"]);
  CHECK(best["step"] == played["step"]);
  // With a truncated file, the unit starts again.
  const std::string text = bench.Read("experiments/e/slow/seed_1/best.json");
  bench.Write("experiments/e/slow/seed_1/best.json", text.substr(0, text.size() / 2));
  CHECK_THAT(Nabla(bench.path(), {"experiment", "e.yaml"}).output,
             ContainsText("slow/seed_1 is damaged and starts again: ") &&
                 ContainsText("best.json is damaged"));
  CHECK(bench.Read("experiments/e/slow/seed_1/best.json") == text);
}

TEST_CASE("The report names a damaged result and leaves it out of the averages") {
  const Bench bench;
  bench.Write("e.yaml", kReportExperiment);
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml"}).code == 0);
  const fs::path progress = bench / "experiments/e/TD3/seed_0/progress.csv";
  fs::resize_file(progress, fs::file_size(progress) - 20);
  CHECK(Nabla(bench.path(), {"report", "experiments/e"}).code == 0);
  CHECK_THAT(bench.Read("experiments/e/summary.csv"),
             ContainsText("TD3/seed_0,TD3,Pendulum-v1,0,damaged,progress.csv:5: this row is cut "
                          "off,600,,,"));
  CHECK_THAT(bench.Read("experiments/e/aggregate.csv"), ContainsText("TD3,all,final,iqm,return,"));
}

TEST_CASE("A folder that is not an experiment has no report") {
  const Bench bench;
  const Ended none = Nabla(bench.path(), {"report", "nothing"});
  CHECK(none.code == 2);
  CHECK_THAT(none.output, ContainsText("nothing is not the folder of an experiment"));
  bench.Write("e.yaml", kReportExperiment);
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml", "--shard", "0/4"}).code == 0);
  const std::string plan = bench.Read("experiments/e/plan.json");
  bench.Write("experiments/e/plan.json", plan.substr(0, plan.size() / 2));
  CHECK_THAT(Nabla(bench.path(), {"report", "experiments/e"}).output,
             ContainsText("plan.json is not the plan of an experiment"));
}

TEST_CASE("compare shows experiments and runs in one table") {
  const Bench bench;
  bench.Write("e.yaml", kReportExperiment);
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml", "--quiet"}).code == 0);
  const auto train = [&](const std::string& seed, const std::string& folder,
                         const std::string& set) {
    CHECK(Nabla(bench.path(),
                {"train", "tiny.yaml", "--seed", seed, "--run-dir", folder, "--set", set})
              .code == 0);
  };
  train("5", "r5", "agent.gamma=0.9");
  train("6", "r6", "agent.gamma=0.9");
  const Ended ended = Nabla(bench.path(), {"compare", "experiments/e", "r5", "r6", "--json"});
  INFO(ended.output);
  REQUIRE(ended.code == 0);
  const auto json = nlohmann::json::parse(ended.output);
  CHECK(json["configurations"].size() == 3);  // r5 and r6 differ only in their seeds
  CHECK(json["improvement"].size() == 3);
  for (const auto& configuration : json["configurations"]) {
    CHECK(configuration["finished"] == 2);
    CHECK(configuration["final"]["return"]["iqm"]["low"].is_number());
  }
  const Ended text = Nabla(bench.path(), {"compare", "experiments/e"});
  CHECK_THAT(text.output, ContainsText("TD3") && ContainsText("has the highest final return"));
  CHECK_THAT(Nabla(bench.path(), {"compare", "experiments/e", "--markdown"}).output,
             ContainsText("| configuration | runs |"));
  // Runs that are not comparable are an error.
  train("5", "other", "evaluation.episodes=3");
  const Ended refused = Nabla(bench.path(), {"compare", "experiments/e", "other"});
  CHECK(refused.code == 2);
  CHECK_THAT(refused.output, ContainsText("evaluation.episodes differs: experiments/e/TD3/seed_0 "
                                          "has 2, other has 3"));
  CHECK(Nabla(bench.path(), {"compare", "r5", "./r5"}).code == 2);
  CHECK(Nabla(bench.path(), {"compare", "nothing"}).code == 2);
}

// Trains tiny.yaml into the folder `name`.
void Train(const Bench& bench, const std::string& name, const std::string& seed,
           const std::vector<std::string>& sets) {
  std::vector<std::string> arguments = {"train", "tiny.yaml", "--seed", seed, "--run-dir", name};
  for (const std::string& set : sets) {
    arguments.push_back("--set");
    arguments.push_back(set);
  }
  const Ended ended = Nabla(bench.path(), arguments);
  INFO(ended.output);
  CHECK(ended.code == 0);
}

TEST_CASE("compare refuses different tasks, unless one insists, and says what else differs") {
  const Bench bench;
  Train(bench, "plain", "0", {});
  Train(bench, "limit", "1", {"environment.step_limit=200"});  // the one of the environment
  Train(bench, "gravity", "2", {"environment.parameters.gravity=0"});
  Train(bench, "longer", "3", {"trainer.steps=900", "evaluation.every=300"});
  Train(bench, "history", "4", {"environment.frame_history=2"});
  const auto compare = [&](const std::string& other, const std::string& more) {
    std::vector<std::string> arguments = {"compare", "plain", other};
    if (!more.empty()) arguments.push_back(more);
    return Nabla(bench.path(), arguments);
  };
  CHECK(compare("limit", "").code == 0);
  const Ended refused = compare("gravity", "");
  CHECK(refused.code == 2);
  CHECK_THAT(refused.output, ContainsText("environment.parameters.gravity differs: plain has 10") &&
                                 ContainsText("gravity has 0") && ContainsText("--insist"));
  const Ended insisted = compare("gravity", "--insist");
  CHECK(insisted.code == 0);
  CHECK_THAT(insisted.output, ContainsText("Note: environment.parameters.gravity differs"));
  const Ended longer = compare("longer", "");
  INFO(longer.output);
  CHECK(longer.code == 0);
  CHECK_THAT(longer.output, ContainsText("longer differs from plain: ") &&
                                ContainsText("trainer.steps 900 instead of 600") &&
                                ContainsText("evaluation.every 300 instead of 150"));
  CHECK_THAT(compare("history", "").output,
             ContainsText("environment.frame_history 2 instead of 1"));
}

TEST_CASE("Runs that are not independent are left out, and a single run has no interval") {
  const Bench bench;
  bench.Write("e.yaml", kReportExperiment);
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml", "--set", "seeds=0"}).code == 0);
  // One run of each configuration: no interval anywhere.
  CHECK_THAT(bench.Read("experiments/e/improvement.csv"), ContainsText(",,\n"));
  CHECK_THAT(bench.Read("experiments/e/curves.csv"), ContainsText(",,\n"));
  CHECK_THAT(bench.Read("experiments/e/aggregate.csv"),
             ContainsText("share_reached,share,1,,,1\n"));
  const Ended alone = Nabla(bench.path(), {"compare", "experiments/e"});
  CHECK(alone.output.find(", 1.00]") == std::string::npos);
  CHECK_THAT(alone.output, ContainsText("use more seeds"));
  CHECK(alone.output.find("probability above") == std::string::npos);
  // The same run twice, once under another name.
  Train(bench, "one", "5", {});
  Train(bench, "again", "5", {});
  fs::copy(bench / "experiments/e", bench / "copy", fs::copy_options::recursive);
  const Ended twice =
      Nabla(bench.path(), {"compare", "one", "again", "experiments/e", "copy", "--json"});
  INFO(twice.output);
  REQUIRE(twice.code == 0);
  const auto json = nlohmann::json::parse(twice.output);
  CHECK_THAT(json["notes"].dump(),
             ContainsText("again has the same configuration and seed as one") &&
                 ContainsText("copy/TD3/seed_0 is a copy of experiments/e/TD3/seed_0"));
  std::size_t finished = 0;
  for (const auto& configuration : json["configurations"]) {
    finished += configuration["finished"].get<std::size_t>();
    if (configuration["finished"] == 1) {
      CHECK(!configuration["final"]["return"]["iqm"].contains("low"));
    }
  }
  CHECK(finished == 3);
  for (const auto& pair : json["improvement"]) CHECK(!pair.contains("low"));
}

}  // namespace
}  // namespace nabla::experiment
