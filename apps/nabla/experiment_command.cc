// nabla experiment
#include <spdlog/fmt/fmt.h>

#include <memory>
#include <string>
#include <vector>

#include "apps/experiment/experiment.h"
#include "apps/nabla/commands.h"
#include "apps/nabla/machine.h"
#include "apps/nabla/options.h"
#include "apps/nabla/signals.h"
#include "apps/text/text.h"

namespace nabla::apps {
namespace {

struct ExperimentArguments {
  experiment::ExperimentOptions experiment;
  std::string shard = "0/1";
};

// The shell command that repeats the experiment, or continues it.
std::string Command(const ExperimentArguments& options) {
  const experiment::ExperimentOptions& experiment = options.experiment;
  std::vector<std::string> words = {"experiment", experiment.file};
  const auto add = [&](const std::string& option, const std::string& value) {
    words.push_back(option);
    words.push_back(value);
  };
  for (const std::string& set : experiment.overrides) add("--set", set);
  if (!experiment.out.empty()) add("--out", experiment.out);
  if (experiment.jobs > 0) add("--jobs", std::to_string(experiment.jobs));
  if (experiment.threads != 1) add("--threads", std::to_string(experiment.threads));
  if (experiment.shard.count > 1) add("--shard", options.shard);
  return ShellCommand(words);
}

int Run(ExperimentArguments& options) {
  options.experiment.shard = experiment::ParseShard(options.shard);
  options.experiment.about = AboutProgram();
  options.experiment.command = Command(options);
  options.experiment.catch_signals = [](bool on) { on ? HandleRunSignals() : RestoreSignals(); };
  const experiment::ExperimentEnd end = RunExperiment(options.experiment, StopRequested());
  if (end.stopped) {
    fmt::print(stderr, "stopped with {} left; continue with:\n  {}\n",
               text::Count(static_cast<std::int64_t>(end.units.left), "unit"), Command(options));
    return 128 + StopSignal();
  }
  if (!end.written.note.empty()) {
    fmt::print(stderr, "{}\n", agent::OneLine(end.written.note));
  }
  if (!end.written.files.empty() && !options.experiment.quiet) {
    fmt::print("{} finished, {} failed, {} left; {}\n", end.units.finished, end.units.failed,
               end.units.left, agent::OneLine(end.written.files.back().string()));
  }
  if (end.cut > 0) {
    fmt::print(stderr, "nabla: {} not finished; the same command continues with them:\n  {}\n",
               text::Count(static_cast<std::int64_t>(end.cut), "unit is", "units are"),
               Command(options));
  }
  return end.units.failed + end.cut > 0 || end.written.failed ? kExitFailure : 0;
}

}  // namespace

void AddExperiment(CLI::App& app, int& exit_code) {
  CLI::App& command =
      *app.add_subcommand("experiment", "Run, resume, evaluate and report many training runs");
  auto options = std::make_shared<ExperimentArguments>();
  experiment::ExperimentOptions& experiment = options->experiment;
  command.add_option("file", experiment.file, "Experiment file (YAML)")->required();
  command
      .add_option("--set", experiment.overrides,
                  "Override a key of the experiment file, such as seeds=0-2; may be repeated")
      ->allow_extra_args(false)
      ->take_all();
  command.add_option("--out", experiment.out, "Experiment folder (default: experiments/<name>)");
  command
      .add_option(
          "--jobs", experiment.jobs,
          "Worker processes (default: one per core); the results are the same for any number")
      ->check(CLI::Range(1, 4096));
  command.add_option("--threads", experiment.threads, "Threads per worker (default: 1)")
      ->check(CLI::Range(1, 256));
  command.add_option(
      "--shard", options->shard,
      "i/n: run only every n-th unit, from unit i on, for several machines with a shared folder");
  command.add_flag("--dry-run", experiment.dry_run,
                   "Print the units, the expected time and memory; run nothing");
  command.add_flag("--retry-failed", experiment.retry_failed, "Run failed units again");
  command.add_flag("--quiet", experiment.quiet, "Print only errors");
  command.footer(
      "Example:\n  nabla experiment config/experiments/pendulum_td3_ablation.yaml --jobs 2\n"
      "Repeat the command to continue with units that are missing or were interrupted.\n");
  command.callback([options, &exit_code] { exit_code = Run(*options); });
}

}  // namespace nabla::apps
