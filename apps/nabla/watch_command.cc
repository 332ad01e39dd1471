// nabla watch
#include <filesystem>
#include <memory>
#include <string>

#include "apps/nabla/commands.h"
#include "apps/nabla/options.h"
#include "apps/nabla/watch.h"

namespace nabla::apps {
namespace {

// Called first, so that a missing display leaves no run behind.
void RequireWindow(const std::string& path) {
  const std::string problem = WatchProblem();
  if (problem.empty()) return;
  const std::string run = std::filesystem::is_directory(path) ? path : "RUN";
  throw agent::InputError(problem + "; to record without a window: " +
                          ShellCommand({"record", run, "--out", "episode.mp4"}));
}

}  // namespace

void AddWatch(CLI::App& app, int& exit_code) {
  CLI::App& command =
      *app.add_subcommand("watch", "Show an agent in a window during or after its training");
  auto options = std::make_shared<WatchOptions>();
  command
      .add_option("path", options->path,
                  "Task file (YAML) to train, or run folder to replay or follow")
      ->required()
      ->type_name("FILE|DIR");
  AddOverrides(command, options->overrides);
  AddSeed(command, options->seed, "Master seed of every random stream");
  command.add_option("--run-dir", options->run_dir, "Run folder to create (as in train)")
      ->type_name("DIR");
  AddInteger(command, "--threads", options->session.threads, 1, 256,
             "Training threads; the result is the same for any number");
  AddInteger(command, "--pace", options->pace, 1, 1'000'000, "Maximum training steps per second");
  command.add_option("--checkpoint", options->checkpoint,
                     "Checkpoint of a run: latest (default), best or a kept step");
  command.add_option("--size", options->size, "Size of the window in px (default: 1280x720)")
      ->type_name("WxH");
  command.add_flag("--close", options->close, "Close the window when the training ends");
  command.add_flag("--light", options->light, "Use the light theme");
  command.add_flag("--quiet", options->session.quiet, "Print only errors");
  AddInteger(command, "--benchmark", options->benchmark, 1, 3600,
             "Measure the cost of watching the task for this number of seconds");
  command.footer(
      "Examples:\n"
      "  nabla watch config/tasks/pendulum_td3.yaml --pace 200\n"
      "  nabla watch runs/latest\n\n"
      "F1 lists the keys. Closing the window stops a training with a checkpoint.\n");
  command.callback([options, &exit_code] {
    RequireWindow(options->path);
    exit_code = Watch(*options);
  });
}

}  // namespace nabla::apps
