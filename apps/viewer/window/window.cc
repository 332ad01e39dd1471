#include "apps/viewer/window/window.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <thread>

#include "agent/state/file_io.h"
#include "apps/viewer/panels/frame.h"
#include "apps/viewer/playback/threads.h"
#include "apps/viewer/window/display.h"
#include "apps/viewer/window/screen.h"
#include "apps/viewer/window/screen_recorder.h"

namespace nabla::viewer {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kReportedFrames = 4096;
constexpr double kLongestFrame =
    0.25;  // s: after a longer one (a dragged window) time does not jump

double Seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

class Loop {
 public:
  Loop(Playback& playback, const WindowOptions& options, const std::atomic<bool>& stop)
      : playback_(playback),
        options_(options),
        stop_(stop),
        screen_(options.title, options.width, options.height),
        recorder_(playback.paths().root, stop) {}

  WindowReport Run() {
    const auto period = std::chrono::duration_cast<Clock::duration>(
        std::chrono::duration<double>(1 / options_.frames_per_second));
    Clock::time_point last = Clock::now();
    Clock::time_point next = last;
    while (!playback_.closed() && !stop_) {
      const Clock::time_point now = Clock::now();
      HandleEvents();
      const Scene& scene = playback_.Advance(std::min(Seconds(now - last), kLongestFrame));
      last = now;
      Show(scene);
      Count(now);
      if (options_.after_frame && options_.after_frame(report_.frames)) break;
      // Do not try to catch up more than one frame after a late one.
      next = std::max(next + period, Clock::now() - period);
      std::this_thread::sleep_until(next);
    }
    recorder_.Finish(playback_);
    return std::move(report_);
  }

 private:
  void HandleEvents() {
    using Kind = InputEvent::Kind;
    while (auto event = screen_.Poll()) {
      const bool has_mouse = event->kind == Kind::kMouseDown || event->kind == Kind::kMouseMove ||
                             event->kind == Kind::kMouseUp;
      if (has_mouse && report_.frames > 0) {
        event->hit = frame_.Pick(playback_.scene(), {event->x, event->y});
      }
      playback_.Handle(*event);
    }
  }

  void Show(const Scene& scene) {
    const int width = screen_.width(), height = screen_.height();
    if (width < 1 || height < 1) return;  // minimised
    const Surface& picture = frame_.Draw(scene, width, height);
    rgba_.resize(4 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    picture.ToRgba(rgba_);
    screen_.Show(rgba_, width, height);
    if (playback_.TakeScreenshotRequest()) SaveScreenshot(picture);
    recorder_.Add(picture, playback_);
  }

  void SaveScreenshot(const Surface& picture) {
    try {
      const auto path = FreeName(playback_.paths().root, ".png");
      agent::WriteFileAtomically(path, picture.Png());
      playback_.ShowMessage("saved " + path.string());
    } catch (const std::exception& error) {  // such as a full disk
      playback_.ShowMessage(error.what());
    }
  }

  void Count(Clock::time_point begin) {
    const Clock::time_point now = Clock::now();
    if (report_.frames++ == 0) {
      report_.first_frame = Seconds(now - start_);
      first_ = now;
    }
    report_.seconds = Seconds(now - first_);
    const auto work = static_cast<float>(Seconds(now - begin));
    if (report_.work_seconds.size() < kReportedFrames) {
      report_.work_seconds.push_back(work);
    } else {
      report_.work_seconds[static_cast<std::size_t>(report_.frames) % kReportedFrames] = work;
    }
  }

  Clock::time_point start_ = Clock::now();
  Clock::time_point first_;
  Playback& playback_;
  const WindowOptions& options_;
  const std::atomic<bool>& stop_;
  Screen screen_;
  Frame frame_;
  ScreenRecorder recorder_;
  std::vector<std::uint8_t> rgba_;
  WindowReport report_;
};

}  // namespace

void PrepareWindow() { ::setenv("LP_NUM_THREADS", "0", 0); }

WindowReport RunWindow(Playback& playback, const WindowOptions& options,
                       const std::atomic<bool>& stop) {
  LowerPriority(kDrawingNice);
  return Loop(playback, options, stop).Run();
}

}  // namespace nabla::viewer
