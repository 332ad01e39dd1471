// nabla config show|validate|diff
#include "config/config.h"

#include <spdlog/fmt/fmt.h>

#include <memory>

#include "agent/run/memory.h"
#include "agent/training/task.h"
#include "agent/training/trainer.h"
#include "apps/nabla/commands.h"
#include "apps/nabla/options.h"

namespace nabla::apps {
namespace {

struct ConfigArguments {
  std::string file;
  std::string other;
  std::vector<std::string> overrides;
  bool keys = false;
};

agent::TaskConfig DefaultTask(const ConfigArguments& options) {
  return config::ReadText<agent::TaskConfig>("{}", "the defaults", options.overrides);
}

void Show(const ConfigArguments& options) {
  if (options.keys) {
    fmt::print("{}", config::Reference<agent::TaskConfig>());
    return;
  }
  const agent::TaskConfig task =
      options.file.empty() ? DefaultTask(options)
                           : config::ReadFile<agent::TaskConfig>(options.file, options.overrides);
  fmt::print("{}", config::Write(task, {.comments = true}));
}

void Validate(const ConfigArguments& options) {
  const agent::TaskConfig task =
      config::ReadFile<agent::TaskConfig>(options.file, options.overrides);
  agent::Workers workers(1);
  agent::RequireMemory(task);
  const agent::Trainer trainer(task, workers);  // finds sizes that do not match
  fmt::print("{}: valid\n", agent::OneLine(options.file));
}

// Returns 0 if the files are equal, else 1, as diff(1).
int Diff(const ConfigArguments& options) {
  const auto differences =
      config::Diff(config::ReadFile<agent::TaskConfig>(options.file, options.overrides),
                   config::ReadFile<agent::TaskConfig>(options.other, options.overrides));
  for (const config::Difference& difference : differences) {
    fmt::print("{}: {} -> {}\n", difference.path,
               difference.left.empty() ? "(none)" : difference.left,
               difference.right.empty() ? "(none)" : difference.right);
  }
  return differences.empty() ? 0 : 1;
}

}  // namespace

void AddConfig(CLI::App& app, int& exit_code) {
  CLI::App& command = *app.add_subcommand("config", "Show, check and compare task files");
  command.require_subcommand(1);
  command.footer("Example:\n  nabla config show config/tasks/pendulum_td3.yaml\n");
  auto options = std::make_shared<ConfigArguments>();

  CLI::App& show = *command.add_subcommand("show", "Print the effective configuration");
  show.add_option("config", options->file, "Task file (default: none, which shows the defaults)")
      ->type_name("FILE");
  show.add_flag("--keys", options->keys, "Print a table of all keys");
  AddOverrides(show, options->overrides);
  show.footer(
      "Example:\n  nabla config show config/tasks/pendulum_td3.yaml --set agent.gamma=0.9\n");
  show.callback([options, &exit_code] { Show(*options), exit_code = 0; });

  CLI::App& validate = *command.add_subcommand("validate", "Check a task file");
  validate.add_option("config", options->file, "Task file")->required()->type_name("FILE");
  AddOverrides(validate, options->overrides);
  validate.footer("Example:\n  nabla config validate config/tasks/pendulum_td3.yaml\n");
  validate.callback([options, &exit_code] { Validate(*options), exit_code = 0; });

  CLI::App& diff = *command.add_subcommand(
      "diff", "Print the keys in which two task files differ; the exit code is 1 if there are any");
  diff.add_option("left", options->file, "Task file")->required()->type_name("FILE");
  diff.add_option("right", options->other, "Task file")->required()->type_name("FILE");
  AddOverrides(diff, options->overrides);
  diff.footer(
      "Example:\n  nabla config diff config/tasks/pendulum_td3.yaml runs/latest/config.yaml\n");
  diff.callback([options, &exit_code] { exit_code = Diff(*options); });
}

}  // namespace nabla::apps
