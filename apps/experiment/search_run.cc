#include "apps/experiment/experiment.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "apps/experiment/execution/estimate.h"
#include "apps/experiment/execution/progress_display.h"
#include "apps/experiment/report/search_results.h"
#include "apps/experiment/search/search.h"
#include "apps/tensorboard/tensorboard.h"
#include "apps/text/text.h"

namespace nabla::experiment {
namespace {

constexpr double kSearchEstimateSeconds = 2;
constexpr std::size_t kRowsInTerminal = 10;

// Displays the units of a search and records their ends in it.
class SearchUnits : public UnitSource {
 public:
  SearchUnits(Search& search, const ExperimentPaths& paths, const ExperimentOptions& options)
      : search_(search), paths_(paths), options_(options), display_(stdout, options.quiet) {}

  NextUnit Next() override {
    const NextUnit next = search_.Next();
    if (next.kind != NextUnit::kUnit) return next;
    const SearchUnit& unit = search_.units()[next.unit];
    display_.Add({unit.folder, search_.ConfigOf(unit).trainer.steps});
    return next;
  }
  UnitRun Run(std::size_t k) const override {
    const SearchUnit& unit = search_.units()[k];
    return RunOf(paths_, {.folder = unit.folder}, search_.ConfigOf(unit), options_);
  }
  void OnTick(const WorkerViews& workers) override { display_.OnTick(workers); }
  void OnEnd(std::size_t unit, const UnitEnd& end) override {
    search_.RecordEnd(unit);
    display_.OnEnd(unit, end);
  }

 private:
  Search& search_;
  const ExperimentPaths& paths_;
  const ExperimentOptions& options_;
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
             WordOf(spec.config.method), spec.config.trials, spec.config.parallel, spec.config.seed,
             WordOf(spec.config.objective));
  for (const SearchParameter& parameter : spec.parameters) {
    fmt::print("  {}: {}\n", agent::OneLine(parameter.name), agent::OneLine(parameter.Range()));
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
    fmt::print("{} {}\n", trial.name, agent::OneLine(values));
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

void Print(const ExperimentPaths& paths) {
  for (const Table& table : SearchTables(paths, kRowsInTerminal)) fmt::print("{}\n", ToText(table));
  std::error_code error;
  if (!std::filesystem::exists(paths.best(), error)) return;
  fmt::print("train the best trial with:\n  nabla train {}\n",
             agent::OneLine(text::ShellWord(paths.best().string())));
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
    fmt::print("{}: {} search, {}, with {}, in {}\n", file.config.name,
               WordOf(search.spec().config.method),
               text::Count(search.spec().config.trials, "trial"), text::Count(pool.jobs, "job"),
               agent::OneLine(paths.root.string()));
    std::fflush(stdout);
  }
  SearchUnits units(search, paths, options);
  options.catch_signals(true);
  RunPoolOnRanks(ranks, pool, units, stop);
  options.catch_signals(false);
  write();
  if (!options.quiet) Print(paths);
  const std::size_t left = search.OpenCount();
  // A diverged trial is a result.
  ExperimentEnd end{.units = {.finished = search.UnitCount() - left, .left = left},
                    .cut = left,
                    .stopped = stop,
                    .folder = paths.root};
  if (!end.stopped) end.written = WriteReport(paths);
  return end;
}

}  // namespace nabla::experiment
