#include "apps/nabla/watch_benchmark.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "apps/nabla/console.h"
#include "apps/nabla/task_file.h"
#include "apps/viewer/playback/live_training.h"
#include "apps/viewer/window/window.h"

namespace nabla::apps {
namespace {

using Clock = std::chrono::steady_clock;

// Of each kind: alone, copied, watched in turn, so that a drift of the machine cancels.
constexpr int kTurns = 6;
constexpr std::chrono::duration<double> kPicture(1.0 / 60);

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Steps of the training and the time that they took.
struct Share {
  double steps = 0;
  double seconds = 0;
  double rate() const { return steps / std::max(seconds, 1e-9); }

  template <class Action>
  void Measure(const viewer::TrainingFeed& feed, const Action& action) {
    const std::int64_t before = feed.step();
    const Clock::time_point start = Clock::now();
    action();
    steps += static_cast<double>(feed.step() - before);
    seconds += SecondsSince(start);
  }
};

struct Figures {
  Share alone;
  Share copied;  // networks and experience are copied and taken as for a window, nothing is drawn
  Share watched;
  double first_picture = 0;  // s since the beginning
  double picture_seconds = 0;
  std::int64_t pictures = 0;
  std::vector<float> work;

  void Add(const viewer::WindowReport& report) {
    pictures += report.frames - 1;
    picture_seconds += report.seconds;
    work.insert(work.end(), report.work_seconds.begin(), report.work_seconds.end());
  }
};

void Print(const Figures& figures, std::vector<float> work) {
  std::sort(work.begin(), work.end());
  const auto at = [&](double quantile) {
    return 1e3 * work.at(static_cast<std::size_t>(quantile * static_cast<double>(work.size() - 1)));
  };
  const auto percent = [&](const Share& share) {
    return 100 * share.rate() / figures.alone.rate();
  };
  Say(stdout,
      fmt::format("pictures   {:.1f} a second, 1280x720, all panels; {:.1f} ms of work each "
                  "(median), {:.1f} ms (99 %)\n"
                  "first      picture after {:.2f} s\n"
                  "training   {:.0f} steps/s alone\n"
                  "           {:.0f} with snapshots taken, but no window: {:.1f} %\n"
                  "           {:.0f} watched: {:.1f} %\n",
                  static_cast<double>(figures.pictures) / figures.picture_seconds, at(0.5),
                  at(0.99), figures.first_picture, figures.alone.rate(), figures.copied.rate(),
                  percent(figures.copied), figures.watched.rate(), percent(figures.watched)));
}

}  // namespace

int BenchmarkWatch(const std::string& task, int seconds) {
  const Clock::time_point begin = Clock::now();
  agent::TaskConfig config = ReadTask(task);
  config.trainer.steps = std::int64_t{1} << 50;  // it ends when it has been measured
  agent::Workers workers(1);
  agent::Trainer trainer(RequireMemory(config), workers);
  viewer::TrainingFeed feed(trainer);
  trainer.AddObserver(feed);
  std::atomic<bool> stop = false;
  // No folder: nothing is written, there are no checkpoints to compare.
  const agent::RunPaths nowhere{std::filesystem::temp_directory_path() / "nabla_benchmark"};
  viewer::LiveTraining training(
      feed, config, nowhere,
      {.train = [&] { return static_cast<int>(trainer.Run(stop)); }, .stop = [&] { stop = true; }});
  const double turn = seconds / (3.0 * kTurns);
  Figures figures;
  for (int i = 0; i < kTurns; ++i) {
    const auto watch = [&] {
      feed.SetActive(true);
      viewer::Stage stage(training, {.title = "now"});
      const Clock::time_point start = Clock::now();
      viewer::WindowOptions window;
      window.after_frame = [&](std::int64_t) {
        if (figures.first_picture == 0) figures.first_picture = SecondsSince(begin);
        return SecondsSince(start) > turn;
      };
      figures.Add(viewer::RunWindow(stage, window, stop));
    };
    if (i == 0) watch();  // the warm-up steps without updates are over behind it: it is not counted
    feed.SetActive(false);
    figures.alone.Measure(
        feed, [&] { std::this_thread::sleep_for(std::chrono::duration<double>(turn)); });
    feed.SetActive(true);
    figures.copied.Measure(feed, [&] {
      const Clock::time_point start = Clock::now();
      while (SecondsSince(start) < turn) {
        training.Poll();
        std::this_thread::sleep_for(kPicture);
      }
    });
    figures.watched.Measure(feed, watch);
  }
  training.Finish();
  Print(figures, figures.work);
  return 0;
}

}  // namespace nabla::apps
