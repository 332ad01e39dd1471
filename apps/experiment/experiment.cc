#include "apps/experiment/experiment.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "apps/experiment/execution/estimate.h"
#include "apps/experiment/execution/progress_display.h"
#include "apps/experiment/search_run.h"
#include "apps/tensorboard/tensorboard.h"
#include "apps/text/text.h"

namespace nabla::experiment {
namespace {

constexpr double kEstimateSeconds = 4;    // of a whole dry run
constexpr double kLongestEstimate = 0.5;  // s, for one configuration on one task

struct Experiment {
  ExperimentPaths paths;
  Expansion expansion;
  std::string text;
  const Plan& plan() const { return expansion.plan; }
};

Experiment Load(const ExperimentFile& file, const ExperimentOptions& options) {
  Experiment experiment{{}, Expand(file), file.text};
  for (const Unit& unit : experiment.plan().units) {
    if (experiment.expansion.ConfigOf(unit).logging.tensorboard) tensorboard::RequireSupport();
  }
  experiment.expansion.plan.command = options.command;
  experiment.paths = PathsOf(options, experiment.plan().name);
  return experiment;
}

std::vector<std::size_t> UnitsOf(const Shard& shard, std::size_t count) {
  std::vector<std::size_t> units;
  for (std::size_t i = shard.index; i < count; i += shard.count) units.push_back(i);
  return units;
}

bool IsToDo(const UnitResult& result, bool retry_failed) {
  if (result.state == UnitState::kFinished) return false;
  return result.state != UnitState::kFailed || retry_failed;
}

// ---- dry run

void PrintDryRun(const Experiment& experiment, const ExperimentOptions& options, int jobs) {
  const Plan& plan = experiment.plan();
  const auto& configs = experiment.expansion.configs;
  const std::size_t kinds = configs.size() * plan.tasks.size();
  const double budget = std::min(
      kLongestEstimate, kEstimateSeconds / static_cast<double>(std::max<std::size_t>(kinds, 1)));
  std::vector<std::vector<Estimate>> estimates(configs.size());
  for (std::size_t c = 0; c < configs.size(); ++c) {
    for (const agent::TaskConfig& config : configs[c]) {
      estimates[c].push_back(EstimateUnit(config, options.threads, budget));
    }
  }
  double seconds = 0, megabytes = 0;
  const std::vector<std::size_t> units = UnitsOf(options.shard, plan.units.size());
  std::size_t to_do = 0;
  for (const std::size_t i : units) {
    const Unit& unit = plan.units[i];
    agent::TaskConfig config = experiment.expansion.ConfigOf(unit);
    const UnitResult result = ReadUnit(experiment.paths.unit(unit), config);
    const Estimate& estimate = estimates[unit.configuration][unit.task];
    fmt::print("{:<10} {}  {} steps, about {}\n", NameOf(result.state), unit.folder,
               config.trainer.steps, text::Duration(estimate.seconds));
    if (!IsToDo(result, options.retry_failed)) continue;
    ++to_do;
    seconds += estimate.seconds;
    megabytes = std::max(megabytes, estimate.megabytes);
  }
  const auto count = [](std::size_t n, const char* noun) {
    return text::Count(static_cast<std::int64_t>(n), noun);
  };
  fmt::print("{} ({}, {}, {}), {} to run\n", count(units.size(), "unit"),
             count(plan.configurations.size(), "configuration"), count(plan.tasks.size(), "task"),
             count(plan.seeds.size(), "seed"), to_do);
  fmt::print("about {} with {}, {:.0f} MB per job, {:.0f} MB in total; a dry run trains nothing\n",
             text::Duration(seconds /
                            std::clamp(static_cast<double>(to_do), 1.0, static_cast<double>(jobs))),
             text::Count(jobs, "job"), megabytes, megabytes * jobs);
}

// ---- run

// Reports damaged units, which start again, and failed units, which do not.
void PrintFound(const Plan& plan, const std::vector<UnitResult>& results,
                const std::vector<std::size_t>& units, bool retry_failed) {
  for (const std::size_t i : units) {
    const UnitResult& result = results[i];
    if (result.state == UnitState::kDamaged) {
      fmt::print("{} is damaged and starts again: {}\n", plan.units[i].folder, result.reason);
    } else if (result.state == UnitState::kFailed && !retry_failed) {
      fmt::print("{} has failed and is skipped (--retry-failed runs it again): {}\n",
                 plan.units[i].folder, result.reason);
    }
  }
}

ExperimentEnd CountUnits(const ExperimentPaths& paths, const Plan& plan) {
  UnitCounts counts;
  for (const UnitResult& result : ReadResults(paths, plan)) counts.Add(result.state);
  return {.finished = counts.finished, .failed = counts.failed, .left = counts.left};
}

std::string OnRanks(const Ranks* ranks) {
  return ranks == nullptr ? "" : fmt::format(" on each of {} ranks", ranks->count());
}

// `ranks` is null without mpirun.
void RunUnits(const Experiment& experiment, const ExperimentOptions& options,
              const PoolOptions& pool, Ranks* ranks, const std::atomic<bool>& stop) {
  const Plan& plan = experiment.plan();
  const std::vector<UnitResult> results = ReadResults(experiment.paths, plan);
  const std::vector<std::size_t> mine = UnitsOf(options.shard, plan.units.size());
  PrintFound(plan, results, mine, options.retry_failed);
  std::vector<std::size_t> to_do;
  std::vector<DisplayedUnit> displayed;
  for (const std::size_t i : mine) {
    if (!IsToDo(results[i], options.retry_failed)) continue;
    to_do.push_back(i);
    displayed.push_back(
        {plan.units[i].folder, experiment.expansion.ConfigOf(plan.units[i]).trainer.steps});
  }
  if (!options.quiet) {
    fmt::print("{}: {}, {} to run with {}{}, in {}\n", plan.name,
               text::Count(static_cast<std::int64_t>(mine.size()), "unit"), to_do.size(),
               text::Count(pool.jobs, "job"), OnRanks(ranks), experiment.paths.root.string());
    std::fflush(stdout);
  }
  const auto run = [&](std::size_t k) {
    const Unit& unit = plan.units[to_do[k]];
    return UnitRun{experiment.paths.unit(unit),
                   experiment.paths.unit_lock(unit),
                   experiment.expansion.ConfigOf(unit),
                   options.threads,
                   options.retry_failed,
                   options.about};
  };
  ProgressDisplay display(std::move(displayed), stdout, options.quiet);
  std::size_t next = 0;
  const UnitSource source = [&]() -> NextUnit {
    if (next == to_do.size()) return {};
    return {NextUnit::kUnit, next++};
  };
  RunPoolOnRanks(ranks, pool, source, run, stop, display);
}

}  // namespace

Shard ParseShard(const std::string& text) {
  Shard shard;
  const char* end = text.data() + text.size();
  const auto index = std::from_chars(text.data(), end, shard.index);
  if (index.ec == std::errc() && index.ptr != end && *index.ptr == '/') {
    const auto count = std::from_chars(index.ptr + 1, end, shard.count);
    if (count.ec == std::errc() && count.ptr == end && shard.index < shard.count) return shard;
  }
  throw agent::InputError("--shard " + text + ": expected i/n with 0 <= i < n, such as 0/4");
}

ExperimentPaths PathsOf(const ExperimentOptions& options, const std::string& name) {
  return {options.out.empty() ? std::filesystem::path("experiments") / name
                              : std::filesystem::path(options.out)};
}

PoolOptions PoolFor(const ExperimentOptions& options, const Ranks* ranks) {
  if (ranks != nullptr) return {.jobs = std::max(options.jobs, 1), .pin = false};
  return {.jobs = options.jobs > 0 ? options.jobs : AvailableCores()};
}

ExperimentEnd RunExperiment(const ExperimentOptions& options, const std::atomic<bool>& stop) {
  const std::unique_ptr<Ranks> ranks = options.dry_run ? nullptr : JoinRanks();
  if (ranks != nullptr && ranks->rank() > 0) {
    ServeRank(*ranks, PoolFor(options, ranks.get()), stop);
    return {};
  }
  const ExperimentFile file = ReadExperimentFile(options.file, options.overrides);
  if (file.search) return RunSearch(file, options, ranks.get(), stop);
  const Experiment experiment = Load(file, options);
  const std::size_t units = UnitsOf(options.shard, experiment.plan().units.size()).size();
  PoolOptions pool = PoolFor(options, ranks.get());
  if (ranks == nullptr) pool.jobs = std::clamp(static_cast<int>(units), 1, pool.jobs);
  if (options.dry_run) {
    PrintDryRun(experiment, options, pool.jobs);
    return {};
  }
  PrepareFolder(experiment.paths, experiment.expansion, experiment.text);
  RunUnits(experiment, options, pool, ranks.get(), stop);
  ExperimentEnd end = CountUnits(experiment.paths, experiment.plan());
  end.folder = experiment.paths.root;
  end.stopped = stop;
  if (!end.stopped) end.written = WriteReport(experiment.paths);
  return end;
}

}  // namespace nabla::experiment
