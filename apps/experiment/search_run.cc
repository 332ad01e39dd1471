#include "apps/experiment/search_run.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "apps/experiment/execution/estimate.h"
#include "apps/experiment/execution/progress_display.h"
#include "apps/experiment/report/search_results.h"
#include "apps/tensorboard/tensorboard.h"
#include "apps/text/text.h"

namespace nabla::experiment {
namespace {

constexpr double kSearchEstimateSeconds = 2;
constexpr std::size_t kRowsInTerminal = 10;

// Displays the units and records their ends in the search.
class SearchObserver : public PoolObserver {
 public:
  SearchObserver(Search& search, bool quiet) : search_(search), display_({}, stdout, quiet) {}

  NextUnit Next() {
    const NextUnit next = search_.Next();
    if (next.kind != NextUnit::kUnit) return next;
    const SearchUnit& unit = search_.units()[next.unit];
    display_.Add({unit.folder, search_.ConfigOf(unit).trainer.steps});
    return next;
  }
  void OnTick(const std::vector<std::optional<WorkerView>>& workers) override {
    display_.OnTick(workers);
  }
  void OnEnd(std::size_t unit, const UnitEnd& end) override {
    search_.RecordEnd(unit);
    display_.OnEnd(unit, end);
  }

 private:
  Search& search_;
  ProgressDisplay display_;
};

void CheckDefinition(const Search& search, const ExperimentPaths& paths) {
  std::error_code error;
  if (!std::filesystem::exists(paths.search_json(), error)) {
    if (!IsExperiment(paths.root)) return;
    throw agent::InputError(paths.root.string() +
                            " is the folder of an experiment without a search; choose another "
                            "folder with --out");
  }
  const auto found = nlohmann::json::parse(agent::ReadFile(paths.search_json()), nullptr,
                                           /*allow_exceptions=*/false);
  const nlohmann::json asked = search.Definition();
  for (const auto& [key, value] : asked.items()) {
    if (found.is_object() && found.contains("definition") &&
        found["definition"].value(key, nlohmann::json()) == value) {
      continue;
    }
    throw agent::InputError(paths.root.string() +
                            " is the folder of another search, which differs in " + key +
                            "; choose another folder with --out");
  }
}

double ExpectedTrials(const SearchSpec& spec, std::size_t rung) {
  return std::floor(spec.config.trials /
                    std::pow(spec.config.halving.reduction, static_cast<double>(rung)));
}

// The training steps on this rung, of all units that it resumes or starts.
double ExpectedSteps(const SearchSpec& spec, std::size_t rung) {
  const Rung& on = spec.rungs[rung];
  const Rung below = rung == 0 ? Rung() : spec.rungs[rung - 1];
  return ExpectedTrials(spec, rung) *
         (static_cast<double>(on.steps) * static_cast<double>(on.seeds) -
          static_cast<double>(below.steps) * static_cast<double>(below.seeds));
}

void PrintDryRun(Search& search, const ExperimentOptions& options, int jobs) {
  const SearchSpec& spec = search.spec();
  fmt::print("search: {}, {} trials, {} at a time, seed {}; maximises the {} score\n",
             spec.config.method, spec.config.trials, spec.config.parallel, spec.config.seed,
             spec.config.objective);
  for (const Parameter& parameter : spec.parameters) {
    fmt::print("  {}: {}\n", parameter.name, parameter.Range());
  }
  double steps = 0;
  for (std::size_t r = 0; r < spec.rungs.size(); ++r) {
    fmt::print("rung {}: {}, {} steps, {}\n", r + 1,
               text::Count(static_cast<std::int64_t>(ExpectedTrials(spec, r)), "trial"),
               spec.rungs[r].steps,
               text::Count(static_cast<std::int64_t>(spec.rungs[r].seeds), "seed"));
    steps += ExpectedSteps(spec, r);
  }
  while (search.Next().kind == NextUnit::kUnit) {
  }
  for (const Trial& trial : search.trials()) {
    std::string values;
    for (const Assignment& assignment : trial.assignments) values += " " + assignment.text();
    fmt::print("{} {}\n", trial.name, values);
  }
  if (search.finished()) {
    fmt::print("the search is finished; a dry run trains nothing\n");
    return;
  }
  fmt::print("later trials depend on the results of these\n");
  agent::TaskConfig config = search.ConfigOf(search.units().front());
  const Estimate estimate = EstimateUnit(config, options.threads, kSearchEstimateSeconds);
  const double seconds = steps / static_cast<double>(config.trainer.steps) * estimate.seconds;
  fmt::print("about {} with {}, {:.0f} MB per job; a dry run trains nothing\n",
             text::Duration(seconds / jobs), text::Count(jobs, "job"), estimate.megabytes);
}

void RunUnits(Search& search, const ExperimentOptions& options, const ExperimentPaths& paths,
              const PoolOptions& pool, Ranks* ranks, const std::atomic<bool>& stop) {
  SearchObserver observer(search, options.quiet);
  const UnitSource source = [&] { return observer.Next(); };
  const auto run = [&](std::size_t index) {
    const SearchUnit& unit = search.units()[index];
    Unit planned;
    planned.folder = unit.folder;
    return UnitRun{paths.unit(planned), paths.unit_lock(planned), search.ConfigOf(unit),
                   options.threads,     options.retry_failed,     options.about};
  };
  RunPoolOnRanks(ranks, pool, source, run, stop, observer);
}

void Print(const ExperimentPaths& paths) {
  for (const Table& table : SearchTables(paths, kRowsInTerminal)) fmt::print("{}\n", ToText(table));
  std::error_code error;
  if (!std::filesystem::exists(paths.best(), error)) return;
  fmt::print("train the best trial with:\n  nabla train {}\n", paths.best().string());
  std::fflush(stdout);
}

}  // namespace

ExperimentEnd RunSearch(const ExperimentFile& file, const ExperimentOptions& options, Ranks* ranks,
                        const std::atomic<bool>& stop) {
  if (options.shard.count > 1) {
    throw agent::InputError(
        "--shard: the trials of a search depend on each other; use mpirun instead "
        "(docs/machines.md)");
  }
  const ExperimentPaths paths = PathsOf(options, file.config.name);
  Search search(file, paths, options.retry_failed);
  if (search.UsesTensorBoard()) tensorboard::RequireSupport();
  const int parallel = search.spec().config.parallel;
  const PoolOptions pool = PoolFor(options, ranks);
  if (options.dry_run) {
    PrintDryRun(search, options, std::min(pool.jobs, parallel));
    return {};
  }
  RequireExperimentFolder(paths);
  CheckDefinition(search, paths);
  search.ChooseJobs();
  const auto write = [&] {
    Plan plan = search.FinalistPlan();
    plan.command = options.command;
    WritePlan(paths, plan, file.text);
    WriteResults(search, paths);
  };
  write();
  if (!options.quiet) {
    fmt::print("{}: {} search, {}, with {}, in {}\n", file.config.name, search.spec().config.method,
               text::Count(search.spec().config.trials, "trial"), text::Count(pool.jobs, "job"),
               paths.root.string());
    std::fflush(stdout);
  }
  RunUnits(search, options, paths, pool, ranks, stop);
  write();
  if (!options.quiet) Print(paths);
  ExperimentEnd end = {
      .left = search.OpenCount(), .stopped = stop, .folder = paths.root, .written = {}};
  end.finished = search.UnitCount() - end.left;  // a diverged trial is a result
  if (!end.stopped) end.written = WriteReport(paths);
  return end;
}

}  // namespace nabla::experiment
