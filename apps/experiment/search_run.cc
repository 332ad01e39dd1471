#include "apps/experiment/search_run.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "apps/experiment/execution/estimate.h"
#include "apps/experiment/execution/live.h"
#include "apps/experiment/execution/rank_pool.h"
#include "apps/experiment/report/report.h"
#include "apps/experiment/report/search_results.h"
#include "apps/tensorboard/tensorboard.h"

namespace nabla::experiment {
namespace {

constexpr double kSearchEstimateSeconds = 2;
constexpr std::size_t kRowsInTerminal = 10;

// Shows the units, and tells the search what has become of them.
class Watch : public PoolObserver {
 public:
  Watch(Search& search, bool quiet) : search_(search), live_({}, stdout, quiet) {}

  NextUnit Next() {
    const NextUnit next = search_.Next();
    if (next.kind != NextUnit::kUnit) return next;
    const SearchUnit& unit = search_.units()[next.unit];
    live_.Add({unit.folder, search_.ConfigOf(unit).trainer.steps});
    return next;
  }
  void OnTick(const std::vector<std::optional<WorkerView>>& workers) override {
    live_.OnTick(workers);
  }
  void OnEnd(std::size_t unit, const UnitEnd& end) override {
    search_.Ended(unit);
    live_.OnEnd(unit, end);
  }

 private:
  Search& search_;
  Live live_;
};

void CheckDefinition(const Search& search, const ExperimentPaths& paths) {
  std::error_code error;
  if (!std::filesystem::exists(paths.search_json(), error)) {
    if (!IsExperiment(paths.root)) return;
    throw agent::InputError(paths.root.string() +
                            " is the folder of an experiment without a search; name another one "
                            "with --out");
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
                            " is the folder of another search: it differs in " + key +
                            "; name another one with --out");
  }
}

double ExpectedTrials(const SearchSpec& spec, std::size_t rung) {
  return std::floor(spec.config.trials /
                    std::pow(spec.config.halving.reduction, static_cast<double>(rung)));
}

// Steps of all units that go on from the rung below or begin on this one.
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
    fmt::print("rung {}: {:.0f} trials, {} steps, {} seeds\n", r + 1, ExpectedTrials(spec, r),
               spec.rungs[r].steps, spec.rungs[r].seeds);
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
    fmt::print("the search is finished; nothing was run\n");
    return;
  }
  fmt::print("the trials after these follow from their results\n");
  agent::TaskConfig config = search.ConfigOf(search.units().front());
  const Estimate estimate = EstimateUnit(config, options.threads, kSearchEstimateSeconds);
  const double seconds = steps / static_cast<double>(config.trainer.steps) * estimate.seconds;
  fmt::print("about {} with {} jobs, {:.0f} MB a job; nothing was run\n", Duration(seconds / jobs),
             jobs, estimate.megabytes);
}

void RunUnits(Search& search, const ExperimentOptions& options, const ExperimentPaths& paths,
              const PoolOptions& pool, Ranks* ranks, const std::atomic<bool>& stop) {
  Watch watch(search, options.quiet);
  const UnitSource source = [&] { return watch.Next(); };
  const auto run = [&](std::size_t index) {
    const SearchUnit& unit = search.units()[index];
    Unit planned;
    planned.folder = unit.folder;
    return UnitRun{paths.unit(planned), paths.unit_lock(planned), search.ConfigOf(unit),
                   options.threads,     options.retry_failed,     options.about};
  };
  if (ranks == nullptr) {
    RunPool(pool, source, run, stop, watch);
  } else {
    RunPoolOnRanks(*ranks, pool, source, run, stop, watch);
    ranks->End();
  }
}

void Print(const ExperimentPaths& paths) {
  for (const Table& table : SearchTables(paths, kRowsInTerminal)) fmt::print("{}\n", ToText(table));
  std::error_code error;
  if (!std::filesystem::exists(paths.best(), error)) return;
  fmt::print("train the best one with:\n  nabla train {}\n", paths.best().string());
  std::fflush(stdout);
}

}  // namespace

ExperimentEnd RunSearch(const ExperimentFile& file, const ExperimentOptions& options, Ranks* ranks,
                        const std::atomic<bool>& stop) {
  if (options.shard.count > 1) {
    throw agent::InputError(
        "--shard: a search chooses as it goes; spread it with mpirun (docs/machines.md)");
  }
  const ExperimentPaths paths{options.out.empty()
                                  ? std::filesystem::path("experiments") / file.config.name
                                  : std::filesystem::path(options.out)};
  Search search(file, paths, options.retry_failed);
  if (search.UsesTensorBoard()) tensorboard::RequireSupport();
  const int parallel = search.spec().config.parallel;
  const PoolOptions pool =
      ranks != nullptr ? PoolOptions{.jobs = std::max(options.jobs, 1), .pin = false}
                       : PoolOptions{.jobs = options.jobs > 0 ? options.jobs : AvailableCores()};
  if (options.dry_run) {
    PrintDryRun(search, options, std::min(pool.jobs, parallel));
    return {};
  }
  RequireExperimentFolder(paths);
  CheckDefinition(search, paths);
  search.Decide();
  Plan plan = search.FinalistPlan();
  plan.command = options.command;
  WritePlan(paths, plan, file.text);
  WriteResults(search, paths);
  if (!options.quiet) {
    fmt::print("{}: {} search, {} trials, with {} jobs, in {}\n", plan.name,
               search.spec().config.method, search.spec().config.trials, pool.jobs,
               paths.root.string());
    std::fflush(stdout);
  }
  RunUnits(search, options, paths, pool, ranks, stop);
  plan = search.FinalistPlan();
  plan.command = options.command;
  WritePlan(paths, plan, file.text);
  WriteResults(search, paths);
  if (!options.quiet) Print(paths);
  ExperimentEnd end = {.left = search.Open(), .stopped = stop, .folder = paths.root, .written = {}};
  end.finished = search.All() - end.left;  // a trial that diverges is a result
  if (!end.stopped) end.written = WriteReport(paths);
  return end;
}

}  // namespace nabla::experiment
