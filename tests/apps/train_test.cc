// Successful runs of train and evaluate: the run folder, its number, the output.
#include <set>

#include "tests/apps/program.h"
#include "tests/support/catch.h"

namespace nabla::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::set<std::string> Names(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

std::set<std::string> Keys(const Json& object) {
  std::set<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.insert(key);
  return keys;
}

TEST_CASE("train writes the run folder") {
  const Workplace nabla;
  const ProcessResult trained = nabla.Succeed("train task.yaml");
  CHECK(trained.err == "");
  const fs::path run = nabla / "runs/td3/Pendulum-v1_1";
  CHECK(Names(run) == std::set<std::string>{".lock", "checkpoint", "config.yaml", "meta.json",
                                            "monitor.csv", "progress.csv", "run.log"});
  CHECK(Names(run / "checkpoint").contains("step_600"));
  CHECK(Names(run / "checkpoint").contains("kept_250"));
  CHECK(Names(run / "checkpoint").contains("kept_500"));
  CHECK(fs::read_symlink(run / "checkpoint/latest") == "step_600");
  CHECK(fs::exists(run / "checkpoint/best/networks.safetensors"));

  const auto progress = ReadCsv(run / "progress.csv");
  REQUIRE(progress.size() == 4);
  CHECK(progress[0][0] == "step");
  for (const char* column : {"seconds", "return_mean", "return_std", "return_min", "return_max"}) {
    CHECK(std::count(progress[0].begin(), progress[0].end(), column) == 1);
  }
  for (std::size_t i = 1; i < 4; ++i) CHECK(progress[i][0] == std::to_string(200 * i));

  const std::vector<std::string> monitor = Lines(Read(run / "monitor.csv"));
  REQUIRE(monitor.size() == 5);  // three episodes of 200 steps
  REQUIRE(monitor[0].starts_with("#"));
  CHECK(Json::parse(monitor[0].substr(1))["env_id"] == "Pendulum-v1");
  CHECK(Json::parse(monitor[0].substr(1))["t_start"].is_number_float());
  CHECK(monitor[1] == "r,l,t");
  CHECK(ReadCsv(run / "monitor.csv")[3][1] == "200");

  const Json meta = ReadJson(run / "meta.json");
  for (const char* key : {"version", "commit", "compiler", "cpu", "libraries", "start", "end"}) {
    CHECK(meta.contains(key));
  }
  CHECK(meta["status"] == "finished");
  CHECK(meta["last_step"] == 600);
  CHECK_THAT(Read(run / "run.log"), ContainsText("finished at step 600"));
  CHECK_THAT(trained.out, ContainsText("evaluate runs/td3/Pendulum-v1_1"));
}

TEST_CASE("Runs are numbered and latest is the newest; --run-dir is the run folder") {
  const Workplace nabla;
  for (const char* name : {"Pendulum-v1_1", "Pendulum-v1_2"}) {
    nabla.Succeed("train task.yaml --quiet --steps 60");
    CHECK(fs::read_symlink(nabla / "runs/latest") == fs::path("td3") / name);
  }
  nabla.Succeed("train task.yaml --quiet --steps 60 --run-dir elsewhere/mine");
  CHECK(fs::exists(nabla / "elsewhere/mine/checkpoint/latest/state.json"));
  CHECK(Names(nabla / "runs/td3").size() == 2);
  CHECK(ReadJson(nabla / "elsewhere/mine/meta.json")["last_step"] == 60);
}

TEST_CASE("train --json prints one object, --quiet nothing") {
  const Workplace nabla;
  const ProcessResult json = nabla.Succeed("train task.yaml --json");
  const Json report = Json::parse(json.out);  // throws if there is more
  CHECK(Lines(json.out).size() == 1);
  CHECK(Keys(report) ==
        std::set<std::string>{"run", "steps", "seconds", "steps_per_second", "return_mean"});
  CHECK(report["run"] == "runs/td3/Pendulum-v1_1");
  CHECK(report["steps"] == 600);
  CHECK(report["seconds"] > 0);
  CHECK(report["steps_per_second"] > 0);
  const auto progress = ReadCsv(nabla / "runs/latest/progress.csv");
  CHECK(report["return_mean"].get<double>() == std::stod(progress.back()[4]));
  CHECK_THAT(json.err, ContainsText("return"));

  const ProcessResult quiet = nabla.Succeed("train task.yaml --quiet");
  CHECK(quiet.out + quiet.err == "");
  const ProcessResult both = nabla.Succeed("train task.yaml --quiet --json");
  CHECK(Keys(Json::parse(both.out)) == Keys(report));
  CHECK(both.err == "");
  // A task without evaluations has one at the end nevertheless.
  const ProcessResult once = nabla.Succeed("train task.yaml --json --set evaluation.every=0");
  CHECK(Json::parse(once.out)["return_mean"] == report["return_mean"]);
}

TEST_CASE("evaluate reports the returns of a policy, repeatably") {
  const Workplace nabla;
  nabla.Succeed("train task.yaml --quiet");
  const std::string line = "evaluate runs/latest --episodes 5 --seed 3 --json";
  const ProcessResult first = nabla.Succeed(line);
  const Json report = Json::parse(first.out);
  const std::set<std::string> keys = Keys(report);
  for (const char* key : {"run", "checkpoint", "episodes", "seed", "return_mean", "return_std",
                          "return_iqm", "return_min", "return_max", "length_mean"}) {
    CHECK(keys.contains(key));
  }
  CHECK(report["run"] == "runs/td3/Pendulum-v1_1");
  CHECK(report["checkpoint"] == "latest");
  CHECK(report["episodes"] == 5);
  CHECK(report["seed"] == 3);
  CHECK(report["length_mean"] == 200);
  CHECK(report["return_min"] < report["return_mean"]);
  CHECK(report["return_mean"] < report["return_max"]);
  CHECK(report["return_std"] > 0);
  const auto before = Snapshot(nabla.path());
  CHECK(nabla.Succeed(line).out == first.out);
  CHECK(Snapshot(nabla.path()) == before);

  const auto mean = [&](const std::string& options) {
    return Json::parse(nabla.Succeed("evaluate runs/latest --json " + options).out)["return_mean"];
  };
  CHECK(mean("--episodes 5 --seed 3") == report["return_mean"]);
  CHECK(mean("--episodes 5 --seed 4") != report["return_mean"]);
  CHECK(mean("--episodes 5 --seed 3 --checkpoint 250") != report["return_mean"]);
  CHECK(mean("--episodes 5 --seed 3 --checkpoint best").is_number());
  const ProcessResult people = nabla.Succeed("evaluate runs/latest");
  CHECK_THAT(people.out, ContainsText("iqm") && ContainsText("episodes     100"));
}

TEST_CASE("evaluate needs no lock, resume does") {
  const Workplace nabla;
  const auto training = nabla.Start("train task.yaml --steps 100000000 --run-dir run --quiet");
  REQUIRE(training->WaitUntil([&] { return fs::exists(nabla / "run/meta.json"); }));
  CHECK(nabla("evaluate run --episodes 2").exit_code == 0);
  const std::string owner = "in use by process " + std::to_string(training->pid());
  CHECK(IsRefusal(nabla("resume run"), {owner}));
  CHECK(IsRefusal(nabla("train task.yaml --run-dir run"), {owner}));
}

TEST_CASE("A run that was killed before its last evaluation finishes, also beyond its total") {
  const Workplace nabla;
  const std::string options = " --quiet --steps 301 --set trainer.envs=4 --run-dir ";
  nabla.Succeed("train task.yaml" + options + "whole");
  nabla.Succeed("train task.yaml" + options + "run");
  REQUIRE(ReadJson(nabla / "run/checkpoint/latest/state.json")["step"] == 304);
  CHECK(IsRefusal(nabla("resume run"), {"has finished its 301 steps"}));
  nlohmann::json meta = ReadJson(nabla / "run/meta.json");
  meta["status"] = "running";
  Write(nabla / "run/meta.json", meta.dump());
  nabla.Succeed("resume run --quiet");
  CHECK(ReadJson(nabla / "run/meta.json")["status"] == "finished");
  CHECK(Fingerprint(nabla / "run") == Fingerprint(nabla / "whole"));
}

}  // namespace
}  // namespace nabla::test
