// The experiment file: the plan it expands to, and its errors.
#include "apps/experiment/plan/experiment_file.h"

#include "apps/experiment/execution/experiment_folder.h"
#include "apps/experiment/plan/plan.h"
#include "config/config.h"
#include "config/error.h"
#include "tests/apps/experiment/fixture.h"
#include "tests/support/catch.h"

namespace nabla::experiment {
namespace {

using test::IsLineWith;

Expansion Expanded(const Bench& bench, const std::string& text) {
  bench.Write("e.yaml", text);
  return Expand(ReadExperimentFile((bench / "e.yaml").string()));
}

std::vector<std::string> Folders(const Plan& plan) {
  std::vector<std::string> folders;
  for (const Unit& unit : plan.units) folders.push_back(unit.folder);
  return folders;
}

const agent::Td3Config& Td3Of(const agent::TaskConfig& config) {
  return std::get<agent::Td3Config>(config.agent.algorithm);
}

TEST_CASE("The units are all combinations of configurations, grid and seeds, ordered by seed") {
  const Bench bench;
  const Expansion all = Expanded(bench,
                                 "base: tiny.yaml\n"
                                 "seeds: 3-4\n"
                                 "configurations:\n"
                                 "  TD3: {}\n"
                                 "  no smoothing: {agent.target_noise: 0}\n"
                                 "grid: {agent.gamma: [0.9, 0.99]}\n");
  using Names = std::vector<std::string>;
  CHECK(Folders(all.plan) ==
        Names{"TD3_gamma=0.9/seed_3", "TD3_gamma=0.99/seed_3", "no_smoothing_gamma=0.9/seed_3",
              "no_smoothing_gamma=0.99/seed_3", "TD3_gamma=0.9/seed_4", "TD3_gamma=0.99/seed_4",
              "no_smoothing_gamma=0.9/seed_4", "no_smoothing_gamma=0.99/seed_4"});
  const agent::TaskConfig config = all.ConfigOf(all.plan.units[6]);
  CHECK(config.seed == 4);
  CHECK(Td3Of(config).gamma == 0.9);
  CHECK(Td3Of(config).target_noise == 0);
  CHECK(Td3Of(config).batch_size == 16);  // of the base
  CHECK(all.plan.tasks.front().name == "Pendulum-v1");
}

TEST_CASE("Seeds can be written in several ways") {
  const Bench bench;
  const auto seeds = [&](const std::string& text) {
    return Expanded(bench, "base: tiny.yaml\nseeds: " + text + "\n").plan.seeds;
  };
  using Seeds = std::vector<std::uint64_t>;
  CHECK(seeds("7") == Seeds{7});
  CHECK(seeds("0-3") == Seeds{0, 1, 2, 3});
  CHECK(seeds("\"8, 1-2\"") == Seeds{8, 1, 2});
  CHECK(seeds("[4, 10-11]") == Seeds{4, 10, 11});
  CHECK(seeds("18446744073709551615") == Seeds{18446744073709551615u});
}

TEST_CASE(
    "Tasks have their own base and keys, later overrides win, and the protocol is the same for "
    "all") {
  const Bench bench;
  const Expansion all = Expanded(bench,
                                 "base: tiny.yaml\n"
                                 "seeds: 0\n"
                                 "evaluation: {every: 60, episodes: 3}\n"
                                 "configurations: {a: {}, b: {agent: {gamma: 0.5}}}\n"
                                 "tasks:\n"
                                 "  pendulum: {score: [-1500, -100]}\n"
                                 "  car:\n"
                                 "    score: [0, 100]\n"
                                 "    set:\n"
                                 "      environment.name: MountainCarContinuous-v0\n"
                                 "      agent: {gamma: 0.7, actor.hidden: [4, 4]}\n");
  REQUIRE(all.plan.units.size() == 4);
  CHECK(all.plan.units[1].folder == "a/car/seed_0");
  const agent::TaskConfig a_car = all.ConfigOf(all.plan.units[1]);
  CHECK(a_car.environment.name == "MountainCarContinuous-v0");
  CHECK(a_car.evaluation.every == 60);
  CHECK(a_car.evaluation.episodes == 3);
  CHECK(Td3Of(a_car).gamma == 0.7);
  CHECK(Td3Of(a_car).actor.hidden == std::vector<int>{4, 4});
  CHECK(Td3Of(all.ConfigOf(all.plan.units[3])).gamma == 0.5);
  CHECK(all.plan.tasks[0].Score(-1500) == 0);
  CHECK(all.plan.tasks[0].Score(-100) == 1);
  CHECK(all.plan.tasks[1].Score(50) == 0.5);
}

TEST_CASE("<configuration> in the name of a base is the configuration's name") {
  const Bench bench;
  std::string tiny = config::ReadWholeFile((bench / "tiny.yaml").string());
  bench.Write("tiny_a.yaml", tiny);
  tiny.replace(tiny.find("batch_size: 16"), 14, "batch_size: 32");
  bench.Write("tiny_b.yaml", tiny);
  const std::string head = "base: tiny_<configuration>.yaml\nseeds: 0\n";
  const Expansion all = Expanded(bench, head +
                                            "configurations: {a: {}, b: {agent.gamma: 0.5}}\n"
                                            "grid: {agent.polyak_rate: [0.1]}\n");
  REQUIRE(all.plan.configurations.size() == 2);
  CHECK(all.plan.configurations[1].name == "b, polyak_rate=0.1");
  CHECK(Td3Of(all.configs[0][0]).batch_size == 16);
  CHECK(Td3Of(all.configs[1][0]).batch_size == 32);
  CHECK(Td3Of(all.configs[1][0]).gamma == 0.5);
  const auto message = [&](const std::string& text) {
    return test::MessageOf<config::Error>([&] { Expanded(bench, head + text); });
  };
  CHECK(IsLineWith(message("configurations: {c: {}}\n"), "tiny_c.yaml", "did you mean"));
  CHECK(IsLineWith(message(""), "e.yaml", "needs names under `configurations`"));
}

TEST_CASE("Names of a grid use the shortest ending of a key that is unique") {
  const Bench bench;
  const Plan plan = Expanded(bench,
                             "base: tiny.yaml\nseeds: 0\n"
                             "grid:\n"
                             "  agent.actor.hidden: [[8, 8]]\n"
                             "  agent.critic.hidden: [[4]]\n"
                             "  agent.gamma: [1]\n")
                        .plan;
  CHECK(plan.configurations.front().name == "actor.hidden=[8, 8], critic.hidden=[4], gamma=1");
  CHECK(plan.units.front().folder == "actor.hidden=_8_8_critic.hidden=_4_gamma=1/seed_0");
}

TEST_CASE("An error in an experiment file is reported in one line with its place") {
  const Bench bench;
  const std::string head = "base: tiny.yaml\n";  // the text follows in line 2
  struct Case {
    std::string text, place, message;
  };
  const std::vector<Case> cases = {
      {"seeds: [0-3, 2]", ":2:14", "seed 2 is listed twice"},
      {"seeds: []", ":2:8", "empty"},
      {"seeds: 5-2", ":2:8", "descending range"},
      {"seeds: -1", ":2:8", "is not a seed"},
      {"seeds: all", ":2:8", "is not a seed"},
      {"seeds: {a: 1}", ":2:8", "expected seeds"},
      {"name: x", ":1:1", "seeds: missing"},
      {"seeds: 0\ngrid: {agent.gama: [1]}", ":3:", "did you mean 'gamma'"},
      {"seeds: 0\ngrid: {agent.gamma: [0.9, 2]}", ":3:27", "out of range"},
      {"seeds: 0\ngrid: {agent.gamma: 0.9}", ":3:", "expected a list"},
      {"seeds: 0\ngrid: {seed: [1, 2]}", ":3:", "under `seeds`"},
      {"seeds: 0\ngird: {}", ":3:1", "did you mean 'grid'"},
      {"seeds: 0\nconfigurations: {}", ":3:", "the mapping is empty"},
      {"seeds: 0\nconfigurations: {a: {}, b: {}}", "", "'a' and 'b' are the same"},
      {"seeds: 0\nconfigurations: {a b: {}, a_b: {agent.gamma: 1}}", "", "share the folder"},
      {"seeds: 0\nconfigurations: {'...': {}}", "", "no folder name"},
      {"seeds: 0\nconfigurations: {a: {agent.gamma: 1}}\ngrid: {agent.gamma: [0.9]}",
       ":4:", "already sets it"},
      {"seeds: 0\ngrid: {evaluation.every: [10, 20]}", "", "units differ in evaluation.every"},
      {"seeds: 0\ngrid: {environment.reward_scale: [1, 2]}", "", "environment.reward_scale"},
      {"seeds: 0\ngrid: {environment.observation_mask: [[1]]}", "", "observation_mask"},
      {"seeds: 0\nscore: [1, 0]", ":3:", "[low, high]"},
      {"seeds: 0\nscore: [-1000, 0]\nthresholds: [-150]", "", "the score of this return is 0.85"},
      {"seeds: 0\ntasks: {a: {}, b: {set: {agent.gamma: 1}}}", "", "tasks.a.score: missing"},
      {"seeds: 0\ntasks: {a: {bass: x}}", ":3:13", "did you mean 'base'"},
      {"seeds: 0\nstatistics: {confidence: 2}", ":3:", "out of range"},
      {"seeds: 0\nstatistics: {failed_score: 1e308}", ":3:", "out of range"},
      {"seeds: 0\nthresholds: [-1e308]", ":3:", "out of range"},
      {"seeds: 0\nscore: [0, 1e-320]", ":3:", "[low, high]"},
      {"seeds: 0\nscore: [-1e308, 1e308]", ":3:", "[low, high]"},
      {"seeds: 0\nname: ../../x", "", "name: '../../x' is not the name of a folder"},
      {"seeds: 0\nname: /tmp/x", "", "is not the name of a folder"},
      {"seeds: 0\nname: ..", "", "is not the name of a folder"},
      {"seeds: 0\nname: \"a\\eb\"", "", "name: 'a\\x1Bb' is not the name of a folder"},
      {"seeds: [0-99999, 100000-199999]", ":2:18", "more than 100000 seeds"},
      {"seeds: 0\ngrid: {environment.parameters.gravity: [1, 2]}", "",
       "environment.parameters.gravity: 'gravity=1' has 1, 'gravity=2' has 2"},
  };
  for (const Case& c : cases) {
    const std::string message =
        test::MessageOf<config::Error>([&] { Expanded(bench, head + c.text + "\n"); });
    INFO(c.text << "\n" << message);
    CHECK(IsLineWith(message, "e.yaml" + c.place, c.message));
  }
}

TEST_CASE("The message for a missing base contains its whole path") {
  const Bench bench;
  const std::string message =
      test::MessageOf<config::Error>([&] { Expanded(bench, "base: tinny.yaml\nseeds: 0\n"); });
  CHECK(IsLineWith(message, (bench / "tinny.yaml").string(), "did you mean"));
}

TEST_CASE("The lock of a unit with a long name has a name that file systems allow") {
  const ExperimentPaths paths{"/e"};
  const Unit unit{.folder = std::string(200, 'a') + "/" + std::string(200, 'b') + "/seed_0"};
  CHECK(paths.unit_lock(unit).filename().string().size() <= 255);
  Unit other = unit;
  other.folder.back() = '1';
  CHECK(paths.unit_lock(unit) != paths.unit_lock(other));
  CHECK(paths.unit_lock({.folder = "a/seed_0"}) == "/e/.locks/a~seed_0");
}

}  // namespace
}  // namespace nabla::experiment
