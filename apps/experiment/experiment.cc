#include "apps/experiment/experiment.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "agent/state/file_io.h"
#include "apps/experiment/execution/estimate.h"
#include "apps/experiment/execution/progress_display.h"
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
    const UnitResult result = ReadUnit(experiment.paths.unit(unit));
    const Estimate& estimate = estimates[unit.configuration][unit.task];
    fmt::print("{:<10} {}  {} steps, about {}\n", WordOf(result.state), unit.folder,
               experiment.expansion.ConfigOf(unit).trainer.steps, text::Duration(estimate.seconds));
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

// The units of the plan that are to do.
class PlannedUnits : public UnitSource {
 public:
  PlannedUnits(const Experiment& experiment, const ExperimentOptions& options,
               std::vector<std::size_t> to_do)
      : experiment_(experiment),
        options_(options),
        to_do_(std::move(to_do)),
        display_(stdout, options.quiet) {
    for (std::size_t k = 0; k < to_do_.size(); ++k) {
      const UnitRun run = Run(k);
      display_.Add({UnitOf(k).folder, run.config.trainer.steps});
    }
  }

  NextUnit Next() override {
    return next_ == to_do_.size() ? NextUnit{} : NextUnit{NextUnit::kUnit, next_++};
  }
  UnitRun Run(std::size_t k) const override {
    return RunOf(experiment_.paths, UnitOf(k), experiment_.expansion.ConfigOf(UnitOf(k)), options_);
  }
  void OnTick(const WorkerViews& workers) override { display_.OnTick(workers); }
  void OnEnd(std::size_t k, const UnitEnd& end) override { display_.OnEnd(k, end); }

 private:
  const Unit& UnitOf(std::size_t k) const { return experiment_.plan().units[to_do_[k]]; }

  const Experiment& experiment_;
  const ExperimentOptions& options_;
  std::vector<std::size_t> to_do_;
  std::size_t next_ = 0;
  ProgressDisplay display_;
};

// Reports damaged units, which start again, and failed units, which do not.
void PrintFound(const Plan& plan, const std::vector<UnitResult>& results,
                const std::vector<std::size_t>& units, bool retry_failed) {
  for (const std::size_t i : units) {
    const UnitResult& result = results[i];
    if (result.state == UnitState::kDamaged) {
      fmt::print("{} is damaged and starts again: {}\n", plan.units[i].folder,
                 agent::OneLine(result.reason));
    } else if (result.state == UnitState::kFailed && !retry_failed) {
      fmt::print("{} has failed and is skipped (--retry-failed runs it again): {}\n",
                 plan.units[i].folder, agent::OneLine(result.reason));
    }
  }
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
  for (const std::size_t i : mine) {
    if (IsToDo(results[i], options.retry_failed)) to_do.push_back(i);
  }
  if (!options.quiet) {
    fmt::print("{}: {}, {} to run with {}{}, in {}\n", plan.name,
               text::Count(static_cast<std::int64_t>(mine.size()), "unit"), to_do.size(),
               text::Count(pool.jobs, "job"), OnRanks(ranks),
               agent::OneLine(experiment.paths.root.string()));
    std::fflush(stdout);
  }
  PlannedUnits source(experiment, options, std::move(to_do));
  RunPoolOnRanks(ranks, pool, source, stop);
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

UnitRun RunOf(const ExperimentPaths& paths, const Unit& unit, agent::TaskConfig config,
              const ExperimentOptions& options) {
  return {paths.unit(unit), paths.unit_lock(unit), std::move(config),
          options.threads,  options.retry_failed,  options.about};
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
    options.catch_signals(true);
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
  options.catch_signals(true);
  RunUnits(experiment, options, pool, ranks.get(), stop);
  options.catch_signals(false);
  ExperimentEnd end{.stopped = stop, .folder = experiment.paths.root};
  const std::vector<UnitResult> results = ReadResults(experiment.paths, experiment.plan());
  for (const UnitResult& result : results) end.units.Add(result.state);
  UnitCounts mine;
  for (const std::size_t i : UnitsOf(options.shard, results.size())) mine.Add(results[i].state);
  end.cut = mine.left;
  if (!end.stopped) end.written = WriteReport(experiment.paths);
  return end;
}

}  // namespace nabla::experiment
