#include "apps/nabla/watch.h"

#include <csignal>
#include <filesystem>

#include "apps/nabla/commands.h"
#include "apps/nabla/console.h"
#include "apps/nabla/console_session.h"
#include "apps/nabla/options.h"
#include "apps/nabla/signals.h"
#include "apps/viewer/playback/in_process_training.h"
#include "apps/viewer/playback/run_follower.h"
#include "apps/viewer/window/display.h"
#include "apps/viewer/window/window.h"
#include "config/config.h"
#include "config/scalar.h"

namespace nabla::apps {
namespace {

viewer::WindowOptions WindowFor(const WatchOptions& options, const agent::RunPaths& run) {
  const Size size = ParseSize(options.size, {1, 1}, {16384, 16384});
  return {.title = config::OneLine("nabla: " + run.root.string(), 200),
          .width = size.width,
          .height = size.height};
}

bool IsStopRequested() { return StopRequested(); }

int WatchRun(const WatchOptions& options) {
  viewer::RunFollower source(options.path, options.checkpoint);
  const viewer::WindowOptions window = WindowFor(options, source.paths());
  HandleRunSignals();
  const viewer::DisplayLossHandler on_display_loss([] {
    Say(stderr, "nabla: lost the connection to the display\n");
    return kExitFailure;
  });
  viewer::Playback playback(
      source, {.title = options.checkpoint, .stop = IsStopRequested, .dark = !options.light});
  viewer::RunWindow(playback, window, StopRequested());
  return StopSignal() != 0 ? 128 + StopSignal() : 0;
}

int WatchTask(const WatchOptions& options) {
  agent::TaskConfig config = config::ReadFile<agent::TaskConfig>(options.path, options.overrides);
  if (options.seed) config.seed = *options.seed;
  ConsoleSession session(config, options.session);
  viewer::TrainingFeed feed(session.trainer());
  feed.SetPace(options.pace);
  session.AddObserver(feed);
  HandleRunSignals();
  agent::RunFolder folder = NewRunFolder(config, options.run_dir);
  const agent::RunPaths run = folder.paths();
  viewer::WindowOptions window = WindowFor(options, run);
  viewer::InProcessTraining training(
      feed, config, run,
      {.train = [&] { return session.Begin(std::move(folder)); }, .stop = RequestStop});
  window.after_frame = [&](std::int64_t) { return options.close && training.done(); };
  const viewer::DisplayLossHandler on_display_loss([&training] {
    training.Finish();
    Say(stderr,
        "nabla: lost the connection to the display; the training stopped with a checkpoint\n");
    return kExitFailure;
  });
  try {
    viewer::Playback playback(training,
                              {.title = "now", .stop = IsStopRequested, .dark = !options.light});
    viewer::RunWindow(playback, window, StopRequested());
  } catch (...) {
    training.Finish();  // an error of the window must not cost the run
    throw;
  }
  return training.Finish();
}

}  // namespace

std::string WatchProblem() { return viewer::DisplayProblem(); }

int Watch(const WatchOptions& options) {
  viewer::PrepareWindow();
  std::signal(SIGPIPE, SIG_IGN);  // a recording needs it, see PipedProcess
  if (options.benchmark > 0) return BenchmarkWatch(options.path, options.benchmark);
  return std::filesystem::is_directory(options.path) ? WatchRun(options) : WatchTask(options);
}

}  // namespace nabla::apps
