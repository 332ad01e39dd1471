// nabla train, nabla resume
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "agent/run/checkpoint.h"
#include "apps/nabla/commands.h"
#include "apps/nabla/console_session.h"
#include "apps/nabla/options.h"
#include "apps/nabla/signals.h"
#include "config/config.h"

namespace nabla::apps {
namespace {

struct TrainArguments {
  std::string config;
  std::string run;
  std::vector<std::string> overrides;
  std::optional<std::uint64_t> seed;
  std::optional<std::int64_t> steps;
  std::optional<std::string> run_dir;
  ConsoleOptions session;
};

int Train(const TrainArguments& options) {
  agent::TaskConfig config = config::ReadFile<agent::TaskConfig>(options.config, options.overrides);
  if (options.seed) config.seed = *options.seed;
  if (options.steps) config.trainer.steps = *options.steps;
  ConsoleSession session(config, options.session);
  HandleRunSignals();
  return session.Begin(NewRunFolder(config, options.run_dir));
}

// Throws InputError if the run has nothing left to do. A run that was killed after its last step
// still has the evaluation at the end. With several environments the last step may go beyond the
// total.
void RequireStepsLeft(const agent::RunPaths& run, const agent::TaskConfig& config) {
  const agent::CheckpointStore store(run.checkpoint(), agent::CheckpointStore::Access::kRead);
  const std::int64_t reached = store.Open("latest").step();
  const std::int64_t beyond = reached - config.trainer.steps;
  const bool is_last_step = beyond >= 0 && beyond < config.trainer.envs;
  const bool is_finished = agent::ReadMeta(run).value("status", "") == "finished";
  if (beyond < 0 || (is_last_step && !is_finished)) return;
  const std::string done =
      is_last_step ? fmt::format("has finished its {} steps", config.trainer.steps)
                   : fmt::format("is already at step {}, beyond {}", reached, config.trainer.steps);
  const std::int64_t larger = std::min(reached, agent::kMaxCount) * 2;
  throw agent::InputError(fmt::format("{} {}; to continue, pass a larger total, such as --steps {}",
                                      run.root.string(), done, larger));
}

int Resume(const TrainArguments& options) {
  agent::RunFolder folder = agent::RunFolder::Open(options.run);
  agent::TaskConfig config = config::ReadFile<agent::TaskConfig>(folder.paths().config().string());
  if (options.steps) config.trainer.steps = *options.steps;
  RequireStepsLeft(folder.paths(), config);
  ConsoleSession session(config, options.session);
  HandleRunSignals();
  return session.Resume(std::move(folder));
}

void AddCommonOptions(CLI::App& command, TrainArguments& options) {
  AddInteger(command, "--steps", options.steps, 1, std::numeric_limits<std::int64_t>::max(),
             "Total number of environment steps");
  AddInteger(command, "--threads", options.session.threads, 1, 256,
             "Threads that learn (default: 1); the result is the same for any number");
  command.add_flag("--quiet", options.session.quiet, "Print only errors");
  command.add_flag("--json", options.session.json,
                   "Print one JSON object at the end; everything else goes to stderr");
}

}  // namespace

void AddTrain(CLI::App& app, int& exit_code) {
  CLI::App& command = *app.add_subcommand("train", "Train an agent from a task file");
  auto options = std::make_shared<TrainArguments>();
  command.add_option("config", options->config, "Task file (YAML)")->required()->type_name("FILE");
  AddOverrides(command, options->overrides);
  AddSeed(command, options->seed, "Master seed of all random streams");
  command
      .add_option("--run-dir", options->run_dir,
                  "Run folder (default: the next runs/<algorithm>/<environment>_<n>)")
      ->type_name("DIR");
  AddCommonOptions(command, *options);
  command.footer(
      "Example:\n"
      "  nabla train config/tasks/pendulum_td3.yaml --set agent.gamma=0.98 --seed 3\n\n"
      "SIGINT (Ctrl-C), SIGTERM and SIGHUP write a checkpoint and stop the run. SIGUSR1 writes a\n"
      "checkpoint and continues.\n");
  command.callback([options, &exit_code] { exit_code = Train(*options); });
}

void AddResume(CLI::App& app, int& exit_code) {
  CLI::App& command = *app.add_subcommand("resume", "Continue a run from its latest checkpoint");
  auto options = std::make_shared<TrainArguments>();
  command.add_option("run", options->run, "Run folder")->required()->type_name("DIR");
  AddCommonOptions(command, *options);
  command.footer("Example:\n  nabla resume runs/latest --steps 40000\n");
  command.callback([options, &exit_code] { exit_code = Resume(*options); });
}

}  // namespace nabla::apps
