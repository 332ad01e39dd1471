// BenchmarkWatch: nabla watch --benchmark.
#include <pthread.h>
#include <spdlog/fmt/fmt.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <future>
#include <thread>

#include "agent/run/memory.h"
#include "apps/nabla/console.h"
#include "apps/nabla/watch.h"
#include "apps/viewer/playback/in_process_training.h"
#include "apps/viewer/window/window.h"
#include "config/config.h"

namespace nabla::apps {
namespace {

using Clock = std::chrono::steady_clock;

// The number of rounds of alone, copied and watched: alternating cancels a drift of the machine.
constexpr int kRounds = 6;
constexpr std::chrono::duration<double> kFramePeriod(1.0 / 60);

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// The CPU time of the thread with `clock`, s.
double CpuSeconds(clockid_t clock) {
  timespec time = {};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// Steps of the training, their duration and the CPU time of its thread. The CPU time does not
// depend on what else the machine does.
struct Speed {
  double steps = 0;
  double seconds = 0;
  double cpu_seconds = 0;
  double rate() const { return steps / std::max(seconds, 1e-9); }
  double microseconds() const { return 1e6 * cpu_seconds / std::max(steps, 1.0); }  // per step

  template <class Action>
  void Measure(const viewer::TrainingFeed& feed, clockid_t clock, const Action& action) {
    const std::int64_t before = feed.step();
    const double cpu_before = CpuSeconds(clock);
    const Clock::time_point start = Clock::now();
    action();
    steps += static_cast<double>(feed.step() - before);
    seconds += SecondsSince(start);
    cpu_seconds += CpuSeconds(clock) - cpu_before;
  }
};

struct Figures {
  Speed alone;
  Speed copied;  // networks and transitions are copied as for a window, but nothing is drawn
  Speed watched;
  double first_frame = 0;  // s since the start
  double frame_seconds = 0;
  std::int64_t frames = 0;
  std::vector<float> work;

  void Add(const viewer::WindowReport& report) {
    frames += report.frames - 1;
    frame_seconds += report.seconds;
    work.insert(work.end(), report.work_seconds.begin(), report.work_seconds.end());
  }
};

void Print(const Figures& figures, std::vector<float> work) {
  std::sort(work.begin(), work.end());
  const auto at = [&](double quantile) {
    return 1e3 * work.at(static_cast<std::size_t>(quantile * static_cast<double>(work.size() - 1)));
  };
  const auto row = [&](const Speed& speed, const char* what) {
    return fmt::format("           {:.0f} steps/s {}: {:.1f} %; {:.1f} us of CPU time per step\n",
                       speed.rate(), what, 100 * speed.rate() / figures.alone.rate(),
                       speed.microseconds());
  };
  Say(stdout,
      fmt::format("frames     {:.1f}/s at 1280x720 with all panels; {:.1f} ms of work per frame "
                  "(median), {:.1f} ms (99 %)\n"
                  "first      frame after {:.2f} s\n"
                  "training   {:.0f} steps/s alone; {:.1f} us of CPU time per step\n{}{}",
                  static_cast<double>(figures.frames) / figures.frame_seconds, at(0.5), at(0.99),
                  figures.first_frame, figures.alone.rate(), figures.alone.microseconds(),
                  row(figures.copied, "with snapshots, without a window"),
                  row(figures.watched, "watched")));
}

}  // namespace

int BenchmarkWatch(const std::string& task, int seconds) {
  const Clock::time_point begin = Clock::now();
  agent::TaskConfig config = config::ReadFile<agent::TaskConfig>(task);
  config.trainer.steps = std::int64_t{1} << 50;  // never reached
  agent::Workers workers(1);
  agent::RequireMemory(config);
  agent::Trainer trainer(config, workers);
  viewer::TrainingFeed feed(trainer);
  trainer.AddObserver(feed);
  std::atomic<bool> stop = false;
  // A folder that does not exist: nothing is written, and there are no checkpoints to compare.
  const agent::RunPaths nowhere{std::filesystem::temp_directory_path() / "nabla_benchmark"};
  std::promise<clockid_t> clock_of_training;
  const auto train = [&] {
    clockid_t clock{};
    ::pthread_getcpuclockid(::pthread_self(), &clock);
    clock_of_training.set_value(clock);
    return static_cast<int>(trainer.Run(stop));
  };
  viewer::InProcessTraining training(feed, config, nowhere,
                                     {.train = train, .stop = [&] { stop = true; }});
  const clockid_t clock = clock_of_training.get_future().get();
  const double round = seconds / (3.0 * kRounds);
  Figures figures;
  for (int i = 0; i < kRounds; ++i) {
    const auto watch = [&] {
      feed.SetActive(true);
      viewer::Playback playback(training, {.title = "now"});
      const Clock::time_point start = Clock::now();
      viewer::WindowOptions window;
      window.after_frame = [&](std::int64_t) {
        if (figures.first_frame == 0) figures.first_frame = SecondsSince(begin);
        return SecondsSince(start) > round;
      };
      figures.Add(viewer::RunWindow(playback, window, stop));
    };
    if (i == 0) watch();  // not counted: contains the warm-up steps, which have no updates
    feed.SetActive(false);
    figures.alone.Measure(
        feed, clock, [&] { std::this_thread::sleep_for(std::chrono::duration<double>(round)); });
    feed.SetActive(true);
    figures.copied.Measure(feed, clock, [&] {
      const Clock::time_point start = Clock::now();
      while (SecondsSince(start) < round) {
        training.Poll();
        std::this_thread::sleep_for(kFramePeriod);
      }
    });
    figures.watched.Measure(feed, clock, watch);
  }
  training.Finish();
  Print(figures, figures.work);
  return 0;
}

}  // namespace nabla::apps
