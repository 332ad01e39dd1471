// nabla watch
#include <spdlog/fmt/fmt.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "apps/nabla/commands.h"
#include "apps/nabla/options.h"
#include "apps/nabla/session.h"
#include "apps/nabla/signals.h"
#include "apps/nabla/task.h"
#include "apps/nabla/watch_benchmark.h"
#include "apps/viewer/display.h"
#include "apps/viewer/live_training.h"
#include "apps/viewer/run_follower.h"
#include "apps/viewer/window.h"

namespace nabla::apps {
namespace {

struct Options {
  std::string path;
  std::string checkpoint = "latest";
  std::vector<std::string> overrides;
  std::optional<std::uint64_t> seed;
  std::optional<std::string> run_dir;
  std::string size = "1280x720";
  bool light = false;
  bool close = false;  // when the training has ended
  double pace = 0;
  int benchmark = 0;  // s
  SessionOptions session;
};

viewer::WindowOptions WindowFor(const Options& options, const agent::RunPaths& run) {
  viewer::WindowOptions window;
  int used = 0;
  if (std::sscanf(options.size.c_str(), "%dx%d%n", &window.width, &window.height, &used) != 2 ||
      used != static_cast<int>(options.size.size()) || window.width < 1 || window.height < 1 ||
      window.width > 16384 || window.height > 16384) {
    throw agent::InputError("--size: '" + options.size + "' is no size; write it as 1920x1080");
  }
  window.title = "nabla: " + run.root.string();
  return window;
}

// Before anything is begun: a window that cannot be opened must not leave a run behind.
void RequireWindow(const std::string& path) {
  const std::string problem = viewer::WindowProblem();
  if (problem.empty()) return;
  const std::string run = std::filesystem::is_directory(path) ? path : "RUN";
  throw agent::InputError(
      problem + "; without one: " + ShellCommand({"record", run, "--out", "episode.mp4"}));
}

int WatchRun(const Options& options) {
  viewer::RunFollower source(options.path, options.checkpoint);
  const viewer::WindowOptions window = WindowFor(options, source.paths());
  HandleRunSignals();
  viewer::Stage stage(source, {.title = options.checkpoint, .dark = !options.light});
  viewer::RunWindow(stage, window, StopRequested());
  return StopSignal() != 0 ? 128 + StopSignal() : 0;
}

int WatchTask(const Options& options) {
  agent::TaskConfig config = ReadTask(options.path, options.overrides);
  if (options.seed) config.seed = *options.seed;
  Session session(config, options.session);
  viewer::TrainingFeed feed(session.trainer());
  feed.SetPace(options.pace);
  session.AddObserver(feed);
  HandleRunSignals();
  agent::RunFolder folder = NewRunFolder(config, options.run_dir);
  const agent::RunPaths run = folder.paths();
  viewer::WindowOptions window = WindowFor(options, run);
  viewer::LiveTraining training(
      feed, config, run,
      {.train = [&] { return session.Begin(std::move(folder)); }, .stop = RequestStop});
  window.after_frame = [&](std::int64_t) { return options.close && training.done(); };
  viewer::OnDisplayLost(
      [&] {
        training.Finish();
        std::fputs("nabla: the display has gone; the training has ended behind a checkpoint\n",
                   stderr);
      },
      kExitFailure);
  try {
    viewer::Stage stage(training, {.title = "now", .dark = !options.light});
    viewer::RunWindow(stage, window, StopRequested());
  } catch (...) {
    training.Finish();  // what goes wrong in the window must not cost the run
    throw;
  }
  return training.Finish();
}

int Watch(const Options& options) {
  RequireWindow(options.path);
  if (options.benchmark > 0) return BenchmarkWatch(options.path, options.benchmark);
  return std::filesystem::is_directory(options.path) ? WatchRun(options) : WatchTask(options);
}

}  // namespace

void AddWatch(CLI::App& app, int& exit_code) {
  CLI::App& command =
      *app.add_subcommand("watch", "Show an agent in a window, while it trains or afterwards");
  auto options = std::make_shared<Options>();
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
  AddWholeNumber(
      command, "--threads", 1, 256, "Threads that learn; the result is the same for any number",
      [&o = options->session](std::int64_t threads) { o.threads = static_cast<int>(threads); });
  AddWholeNumber(
      command, "--pace", 1, 1'000'000, "Steps of the training a second, at most",
      [&pace = options->pace](std::int64_t steps) { pace = static_cast<double>(steps); });
  command.add_option("--checkpoint", options->checkpoint,
                     "Of a run: latest (default), best, or a step that was kept");
  command.add_option("--size", options->size, "Of the window, in px (1280x720)")->type_name("WxH");
  command.add_flag("--close", options->close, "Close the window when the training has ended");
  command.add_flag("--light", options->light, "Dark on light");
  command.add_flag("--quiet", options->session.quiet, "Print nothing but errors");
  AddWholeNumber(command, "--benchmark", 1, 3600,
                 "Measure for so many seconds what watching the task costs, and print it",
                 [&s = options->benchmark](std::int64_t n) { s = static_cast<int>(n); });
  command.footer(
      "Examples:\n"
      "  nabla watch config/tasks/pendulum_td3.yaml --pace 200\n"
      "  nabla watch runs/latest\n\n"
      "F1 in the window lists the keys. Closing it ends a training behind a checkpoint.\n");
  command.callback([options, &exit_code] { exit_code = Watch(*options); });
}

}  // namespace nabla::apps
