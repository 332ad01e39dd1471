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

namespace nabla::apps {
namespace {

struct ExperimentArguments {
  experiment::ExperimentOptions experiment;
  std::string shard = "0/1";
};

// The command that repeats the experiment, and goes on with it if it was cut off.
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
  HandleRunSignals();
  const experiment::ExperimentEnd end = RunExperiment(options.experiment, StopRequested());
  if (end.stopped) {
    fmt::print(stderr, "stopped with {} units left; go on with:\n  {}\n", end.left,
               Command(options));
    return 128 + StopSignal();
  }
  if (!end.written.note.empty()) fmt::print(stderr, "{}\n", end.written.note);
  if (!end.written.files.empty() && !options.experiment.quiet) {
    fmt::print("{} finished, {} failed, {} left; {}\n", end.finished, end.failed, end.left,
               end.written.files.back().string());
  }
  return end.failed > 0 ? kExitFailure : 0;
}

}  // namespace

void AddExperiment(CLI::App& app, int& exit_code) {
  CLI::App& command =
      *app.add_subcommand("experiment", "Many runs of one question: run, resume, evaluate, report");
  auto options = std::make_shared<ExperimentArguments>();
  experiment::ExperimentOptions& experiment = options->experiment;
  command.add_option("file", experiment.file, "Experiment file")->required();
  command
      .add_option("--set", experiment.overrides,
                  "key=value overrides a key of the experiment file, e.g. seeds=0-2")
      ->allow_extra_args(false)
      ->take_all();
  command.add_option("--out", experiment.out,
                     "The experiment's folder (default: experiments/<name>)");
  command
      .add_option("--jobs", experiment.jobs,
                  "Worker processes (default: one a core); results are the same for any number")
      ->check(CLI::Range(1, 4096));
  command.add_option("--threads", experiment.threads, "Threads of a worker")
      ->check(CLI::Range(1, 256));
  command.add_option("--shard", options->shard,
                     "i/n runs every n-th unit only: for several machines and a shared folder");
  command.add_flag("--dry-run", experiment.dry_run,
                   "Print the units, time and memory; run nothing");
  command.add_flag("--retry-failed", experiment.retry_failed, "Run failed units again");
  command.add_flag("--quiet", experiment.quiet, "Print nothing but errors");
  command.footer(
      "Example:\n  nabla experiment config/experiments/pendulum_td3_ablation.yaml --jobs 2\n"
      "The same command again goes on with what is missing or was cut off.\n");
  command.callback([options, &exit_code] { exit_code = Run(*options); });
}

}  // namespace nabla::apps
