// Experiments under mpirun: bit-identical results for any number of ranks, also after a rank was
// killed.
#include <signal.h>

#include <chrono>
#include <deque>
#include <fstream>
#include <set>
#include <sstream>

#include "agent/run/run_folder.h"
#include "apps/experiment/execution/experiment_folder.h"
#include "apps/experiment/execution/rank_pool.h"
#include "apps/experiment/execution/ranks.h"
#include "tests/apps/experiment/fixture.h"
#include "tests/support/catch.h"

namespace nabla::experiment {
namespace {

namespace fs = std::filesystem;
using test::ContainsText;

constexpr const char* kExperiment =
    "base: tiny.yaml\n"
    "seeds: 0-2\n"
    "configurations: {TD3: {}, slow: {agent.polyak_rate: 0.001}}\n";

constexpr int kLongestSeconds = 60;  // mpirun then ends ranks that wait for each other

std::vector<std::string> UnderMpi(int ranks, std::vector<std::string> arguments,
                                  const std::string& program = NABLA_PROGRAM) {
  std::vector<std::string> all = {"--oversubscribe", "--allow-run-as-root", "-n",
                                  std::to_string(ranks), program};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return all;
}

std::map<std::string, std::string> Outcomes(const fs::path& experiment) {
  const ExperimentPaths paths{experiment};
  std::map<std::string, std::string> outcomes;
  for (const Unit& unit : ReadPlan(paths).units) {
    outcomes[unit.folder] = Outcome(paths.unit(unit));
  }
  return outcomes;
}

// The children of all threads, since Open MPI 5 starts its ranks from a separate one.
std::vector<pid_t> ChildrenOf(pid_t process) {
  std::vector<pid_t> children;
  for (const auto& thread : fs::directory_iterator("/proc/" + std::to_string(process) + "/task")) {
    std::ifstream file(thread.path() / "children");
    for (pid_t child = 0; file >> child;) children.push_back(child);
  }
  return children;
}

bool HasLearned(const fs::path& unit) {
  std::error_code error;
  const fs::path latest = fs::read_symlink(agent::RunPaths{unit}.checkpoint() / "latest", error);
  return !error && latest != "step_0";
}

// What each of two ranks does in the test below: all is sent before anything is received.
TEST_CASE("One of two ranks that send before they receive", "[.rank]") {
  constexpr std::size_t kMessages = 3;
  const auto ranks = JoinRanks();
  REQUIRE(ranks != nullptr);
  REQUIRE(ranks->count() == 2);
  const int other = 1 - ranks->rank();
  const auto text = [](int from, std::size_t k) {  // beyond the eager limit of every transport
    return std::string(8'000'000 + k, static_cast<char>('a' + 10 * from + static_cast<int>(k)));
  };
  for (std::size_t k = 0; k < kMessages; ++k) ranks->Send(other, text(ranks->rank(), k));
  for (std::size_t k = 0; k < kMessages;) {
    const std::optional<RankMessage> message = ranks->Receive();
    if (!message) continue;
    CHECK(message->from == other);
    const bool same = message->text == text(other, k++);
    CHECK(same);
  }
  ranks->End();
}

TEST_CASE("Two ranks send each other long messages at the same time") {
  const Bench bench;
  std::vector<std::string> arguments = {"--timeout", std::to_string(kLongestSeconds)};
  for (std::string& argument : UnderMpi(2, {"[.rank]"}, fs::read_symlink("/proc/self/exe"))) {
    arguments.push_back(std::move(argument));
  }
  const Ended ended = Program(bench.path(), arguments, NABLA_MPIRUN).Wait();
  INFO(ended.output);
  CHECK(ended.code == 0);
}

TEST_CASE("Four ranks share the units and give the same bits as one process") {
  const Bench bench;
  bench.Write("e.yaml", kExperiment);
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml", "--out", "one", "--quiet"}).code == 0);
  const Ended ended =
      Program(bench.path(), UnderMpi(4, {"experiment", "e.yaml", "--out", "four"}), NABLA_MPIRUN)
          .Wait();
  INFO(ended.output);
  CHECK(ended.code == 0);
  CHECK_THAT(ended.output, ContainsText("6 to run with 1 job on each of 4 ranks"));
  CHECK_THAT(ended.output, ContainsText("finished 6/6"));
  const bool same = Outcomes(bench / "four") == Outcomes(bench / "one");
  CHECK(same);
  // Each unit had its own process.
  std::set<std::string> processes;
  for (const Unit& unit : ReadPlan({bench / "four"}).units) {
    processes.insert(bench.Read("four/" + unit.folder + "/.lock"));
  }
  CHECK(processes.size() == 6);
}

TEST_CASE("A search on four ranks gives the same results as in one process") {
  const Bench bench;
  bench.Write("s.yaml",
              "base: tiny.yaml\nseeds: 0-1\n"
              "search:\n  method: tpe\n  trials: 9\n  parallel: 4\n"
              "  parameters: {agent.polyak_rate: {log: [0.001, 0.5]}}\n"
              "  halving: {reduction: 3, steps: [300, 600], seeds: [1, 2]}\n");
  CHECK(Nabla(bench.path(), {"experiment", "s.yaml", "--out", "one", "--quiet"}).code == 0);
  const Ended ended =
      Program(bench.path(), UnderMpi(4, {"experiment", "s.yaml", "--out", "four"}), NABLA_MPIRUN)
          .Wait();
  INFO(ended.output);
  CHECK(ended.code == 0);
  for (const char* file : {"search.json", "search.csv", "best.yaml"}) {
    CHECK(bench.Read(std::string("four/") + file) == bench.Read(std::string("one/") + file));
  }
}

TEST_CASE("An error in the file is reported once and ends all ranks") {
  const Bench bench;
  bench.Write("e.yaml", "base: tiny.yaml\nseeds: none\n");
  const Ended ended =
      Program(bench.path(), UnderMpi(3, {"experiment", "e.yaml"}), NABLA_MPIRUN).Wait();
  CHECK(ended.code != 0);
  const std::size_t first = ended.output.find("nabla: e.yaml:2:8: seeds: ");
  REQUIRE(first != std::string::npos);
  CHECK(ended.output.find("nabla: ", first + 1) == std::string::npos);
}

TEST_CASE("After a rank was killed, the same command resumes without loss") {
  const Bench bench;
  bench.Write("e.yaml",
              "base: tiny.yaml\nseeds: 0-3\nconfigurations: {a: {trainer.steps: 20000}}\n");
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml", "--out", "whole", "--quiet"}).code == 0);
  const auto command = UnderMpi(4, {"experiment", "e.yaml", "--out", "cut"});
  const ExperimentPaths cut{bench / "cut"};
  {
    Program program(bench.path(), command, NABLA_MPIRUN);
    REQUIRE(Eventually([&] {
      return IsExperiment(cut.root) && HasLearned(cut.root / "a/seed_0") &&
             HasLearned(cut.root / "a/seed_3");
    }));
    const std::vector<pid_t> ranks = ChildrenOf(program.process());
    REQUIRE(ranks.size() == 4);
    ::kill(ranks.back(), SIGKILL);
    const Ended ended = program.Wait();
    INFO(ended.output);
    CHECK(ended.code != 0);  // Open MPI ends the whole job and reports it
  }
  const Plan plan = ReadPlan(cut);
  for (const Unit& unit : plan.units) {
    REQUIRE(Eventually([&] { return !IsLocked(cut.unit_lock(unit)); }));
  }
  const Ended ended = Program(bench.path(), command, NABLA_MPIRUN).Wait();
  INFO(ended.output);
  CHECK(ended.code == 0);
  const bool same = Outcomes(cut.root) == Outcomes(bench / "whole");
  CHECK(same);
}

}  // namespace
}  // namespace nabla::experiment
