// nabla watch
#include <filesystem>
#include <memory>
#include <string>

#include "apps/nabla/commands.h"
#include "apps/nabla/options.h"
#include "apps/nabla/watch.h"

namespace nabla::apps {
namespace {

// Before anything is begun: a window that cannot be opened must not leave a run behind.
void RequireWindow(const std::string& path) {
  const std::string problem = WatchProblem();
  if (problem.empty()) return;
  const std::string run = std::filesystem::is_directory(path) ? path : "RUN";
  throw agent::InputError(
      problem + "; without one: " + ShellCommand({"record", run, "--out", "episode.mp4"}));
}

}  // namespace

void AddWatch(CLI::App& app, int& exit_code) {
  CLI::App& command =
      *app.add_subcommand("watch", "Show an agent in a window, while it trains or afterwards");
  auto options = std::make_shared<WatchOptions>();
  command
      .add_option(
          "path", options->path,
          "Task file (YAML), which is trained, or run folder, which is replayed or followed")
      ->required()
      ->type_name("FILE|DIR");
  AddOverrides(command, options->overrides);
  AddSeed(command, "Master seed of every random stream",
          [&seed = options->seed](std::uint64_t value) { seed = value; });
  command.add_option("--run-dir", options->run_dir, "The run's own folder (as in train)")
      ->type_name("DIR");
  AddInteger(
      command, "--threads", 1, 256, "Threads that learn; the result is the same for any number",
      [&o = options->session](std::int64_t threads) { o.threads = static_cast<int>(threads); });
  AddInteger(command, "--pace", 1, 1'000'000, "Steps of the training a second, at most",
             [&pace = options->pace](std::int64_t steps) { pace = static_cast<double>(steps); });
  command.add_option("--checkpoint", options->checkpoint,
                     "Of a run: latest (default), best, or a step that was kept");
  command.add_option("--size", options->size, "Of the window, in px (1280x720)")->type_name("WxH");
  command.add_flag("--close", options->close, "Close the window when the training has ended");
  command.add_flag("--light", options->light, "Dark on light");
  command.add_flag("--quiet", options->session.quiet, "Print nothing but errors");
  AddInteger(command, "--benchmark", 1, 3600,
             "Measure for so many seconds what watching the task costs, and print it",
             [&s = options->benchmark](std::int64_t n) { s = static_cast<int>(n); });
  command.footer(
      "Examples:\n"
      "  nabla watch config/tasks/pendulum_td3.yaml --pace 200\n"
      "  nabla watch runs/latest\n\n"
      "F1 in the window lists the keys. Closing it ends a training behind a checkpoint.\n");
  command.callback([options, &exit_code] {
    RequireWindow(options->path);
    exit_code = Watch(*options);
  });
}

}  // namespace nabla::apps
