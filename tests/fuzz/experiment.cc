// Experiment files, and what is read back from an experiment's folder: the plan and its units.
#include <nlohmann/json.hpp>

#include "apps/experiment/execution/experiment_folder.h"
#include "apps/experiment/plan/plan.h"
#include "apps/experiment/search/search_file.h"
#include "apps/experiment/statistics/analysis.h"
#include "config/config.h"
#include "tests/fuzz/driver.h"
#include "tests/fuzz/json_edits.h"

namespace nabla::fuzz {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* kTask = R"(environment: {name: Pendulum-v1}
agent: {algorithm: TD3, actor: {hidden: [4]}, critic: {hidden: [4]}}
trainer: {steps: 40, warmup_steps: 10, buffer_size: 64}
evaluation: {every: 20, episodes: 2}
)";
constexpr int kMostRepetitions = 200;       // more take seconds
constexpr std::size_t kMostThresholds = 4;  // the same

// The name of every file that the plan implies lies in the experiment's folder.
void CheckFolders(const experiment::Plan& plan) {
  const experiment::ExperimentPaths paths{Scratch() / "experiment"};
  for (const experiment::Unit& unit : plan.units) {
    for (const fs::path& path : {paths.unit(unit), paths.unit_lock(unit)}) {
      const fs::path inside = path.lexically_normal().lexically_relative(paths.root);
      Require(!inside.empty() && !inside.is_absolute() && *inside.begin() != "..",
              "the folder of a unit leaves the experiment: " + path.string());
    }
  }
}

// Two evaluations of each unit.
std::vector<experiment::UnitResult> ResultsOf(const experiment::Plan& plan) {
  std::vector<experiment::UnitResult> results(plan.units.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    results[i].state = experiment::UnitState::kFinished;
    results[i].last_step = 40;
    results[i].steps = {20, 40};
    results[i].seconds = {1, 2};
    results[i].returns = {-1000.0 - static_cast<double>(i), -500.0 + static_cast<double>(i)};
  }
  return results;
}

Json PlanDocument() {
  const fs::path folder = Scratch() / "made";
  fs::create_directories(folder);
  WriteScratch(folder / "task.yaml", kTask);
  WriteScratch(folder / "experiment.yaml",
               "base: task.yaml\nseeds: 0-2\nconfigurations: {a: {}, b: {agent.gamma: 0.9}}\n"
               "score: [-1500, -150]\nthresholds: [0.5]\n"
               "statistics: {repetitions: 100, band_repetitions: 100}\n");
  const auto file = experiment::ReadExperimentFile((folder / "experiment.yaml").string());
  return ToJson(experiment::Expand(file).plan);
}

Json UnitDocument() {
  return {{"config", kTask},
          {"progress",
           "step,episodes,updates,seconds,return_mean,return_std,return_iqm,return_min,return_max,"
           "length_mean\n20,1,10,0.5,-900,1,-900,-901,-899,200\n40,2,30,1,-800,1,-800,-801,-799,"
           "200\n"},
          {"meta",
           {{"status", "finished"},
            {"reason", ""},
            {"last_step", 40},
            {"version", "0.1.0"},
            {"cores", 2},
            {"start", "2024-01-01T00:00:00Z"},
            {"end", "2024-01-01T00:00:01Z"},
            {"resumed", Json::array()}}},
          {"best", {{"step", 40}, {"episodes", 2}, {"return_mean", -800.0}}}};
}

}  // namespace

bool RunExperiment(std::string_view input) {
  const fs::path folder = Scratch() / "files";
  static const bool is_new = fs::create_directories(folder);
  if (is_new) WriteScratch(folder / "task.yaml", kTask);
  WriteScratch(folder / "experiment.yaml", input);
  return Accepts([&] {
    const auto file = experiment::ReadExperimentFile((folder / "experiment.yaml").string());
    CheckFolders(experiment::Expand(file).plan);
  });
}

std::span<const Json> PlanDocuments() {
  static const Json document = PlanDocument();
  return {&document, 1};
}

bool RunPlan(std::string_view input) {
  const experiment::ExperimentPaths paths{Scratch() / "experiment"};
  static const bool is_new = fs::create_directories(paths.root);
  static_cast<void>(is_new);
  Json document = PlanDocuments()[0];
  bool is_edited = false;
  for (const std::string_view line : Lines(input)) is_edited |= ApplyEdit(line, document);
  WriteScratch(paths.plan(), is_edited ? ToText(document) : std::string(input));
  return Accepts([&] {
    const experiment::Plan plan = ReadPlan(paths);
    CheckFolders(plan);
    Require(ToJson(experiment::PlanFromJson(ToJson(plan), "plan")) == ToJson(plan),
            "a plan that changes when it is read back");
    const experiment::StatisticsConfig& statistics = plan.statistics;
    const int most = std::max(statistics.repetitions, statistics.band_repetitions);
    if (most > kMostRepetitions || plan.thresholds.size() > kMostThresholds) return;
    Analyze(plan, ResultsOf(plan));
  });
}

std::span<const Json> UnitDocuments() {
  static const Json document = UnitDocument();
  return {&document, 1};
}

// A unit's files: whatever they contain, ReadUnit gives its state, with a reason of one line.
bool RunUnit(std::string_view input) {
  const agent::RunPaths run{Scratch() / "unit"};
  static const bool is_new = fs::create_directories(run.root);
  static_cast<void>(is_new);
  Json document = UnitDocuments()[0];
  for (const std::string_view line : Lines(input)) ApplyEdit(line, document);
  const auto text = [&](const char* key) {
    const Json part = document.is_object() ? document.value(key, Json()) : Json();
    return part.is_string() && !HasNestedList(part) ? part.get<std::string>() : ToText(part);
  };
  WriteScratch(run.config(), text("config"));
  WriteScratch(run.progress(), text("progress"));
  WriteScratch(run.meta(), text("meta"));
  WriteScratch(run.best(), text("best"));
  const experiment::UnitResult result = experiment::ReadUnit(run.root);
  if (result.state == experiment::UnitState::kDamaged) {
    Accepts([&] { throw agent::InputError(result.reason); });
  }
  return result.state == experiment::UnitState::kFinished;
}

}  // namespace nabla::fuzz
