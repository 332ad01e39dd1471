// The window in this process: real events of a display, and many frames.
#include "apps/viewer/window/window.h"

#include <dlfcn.h>

#include <fstream>

#include "apps/viewer/window/display.h"
#include "tests/apps/viewer/playback/runs.h"
#include "tests/apps/viewer/window/display.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace nabla::viewer {
namespace {

double ResidentMiB() {
  std::ifstream statm("/proc/self/statm");
  double size = 0, resident = 0;
  statm >> size >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

WindowOptions Small() {
  WindowOptions options;
  options.title = "nabla test";
  options.width = 640;
  options.height = 360;
  return options;
}

// Runs one step every 12 frames, and ends after the last one.
class Script {
 public:
  using Step = std::function<void()>;
  explicit Script(std::vector<Step> steps) : steps_(std::move(steps)) {}
  bool operator()(std::int64_t frame) {
    if (frame % 12 != 0) return false;
    if (next_ == steps_.size()) return true;
    steps_[next_++]();
    return false;
  }

 private:
  std::vector<Step> steps_;
  std::size_t next_ = 0;
};

TEST_CASE("window: real keys and the real mouse have their effects") {
  const test::VirtualDisplay* display = test::VirtualDisplay::Shared();
  if (!display) return;
  display->Use();
  const test::TempFolder folder;
  test::StillSource source(test::SmallTask(), folder.path());
  Playback playback(source, {.title = "latest"});
  std::string window;
  WindowOptions options = Small();
  const auto key = [&](const std::string& name) {
    return [&, name] { display->Do("key --window " + window + " " + name); };
  };
  Script script({
      [&] { window = display->Window(); },
      key("space"),
      [&] { CHECK(playback.paused()); },
      key("space"),
      key("plus"),
      [&] { CHECK(playback.speed() == 2); },
      [&] { display->Do("keydown --window " + window + " Right"); },
      [&] { CHECK(playback.scene().environments.at(0).actions.at(0).normalized == 1); },
      [&] { display->Do("keyup --window " + window + " Right"); },
      key("Return"),
      [&] { CHECK(!playback.player().taken_over()); },
      key("F8"),  // only the environment, which fills the window
      [&] { CHECK(playback.scene().panels.count() == 1); },
      [&] { display->Do("mousemove --window " + window + " 320 100 mousedown 1"); },
      [&] { CHECK(playback.player().dragging()); },
      [&] { display->Do("mouseup 1"); },
      [&] { CHECK(!playback.player().dragging()); },
      key("F12"),
      [&] { CHECK(std::filesystem::file_size(folder / "nabla_1.png") > 1000); },
      key("r"),
      [&] { CHECK(playback.wants_recording()); },
      key("r"),
      [&] { CHECK(std::filesystem::exists(folder / "nabla_1.mp4")); },
      [&] { display->Do("windowsize " + window + " 1 1"); },
      [&] { display->Do("windowunmap " + window); },
      [&] { display->Do("windowmap " + window); },
      [&] { display->Do("windowsize " + window + " 1900 1100"); },
      key("Escape"),
      [&] { CHECK(playback.closed()); },
  });
  options.after_frame = std::ref(script);
  const std::atomic<bool> stop = false;
  const WindowReport report = RunWindow(playback, options, stop);
  CHECK(window != "");
  CHECK(playback.closed());
  CHECK(report.frames > 12 * 25);
}

TEST_CASE("window: memory does not grow over ten thousand frames") {
  const test::VirtualDisplay* display = test::VirtualDisplay::Shared();
  if (!display) return;
  display->Use();
  test::StillSource source(test::SmallTask());
  Playback playback(source, {.title = "latest"});
  WindowOptions options = Small();
  options.frames_per_second = 1e6;
  double settled = 0;
  options.after_frame = [&](std::int64_t frame) {
    // Change the episode, the map and the theme from time to time.
    if (frame % 100 == 0) playback.Handle(InputEvent::Down(Key::kBackspace));
    if (frame % 250 == 0) playback.Handle(InputEvent::Down(Key{'M'}));
    if (frame % 1000 == 500) playback.Handle(InputEvent::Down(Key{'D'}));
    if (frame == 2500) settled = ResidentMiB();
    return frame == 10'000;
  };
  const std::atomic<bool> stop = false;
  const WindowReport report = RunWindow(playback, options, stop);
  CHECK(report.frames == 10'000);
#ifndef __SANITIZE_ADDRESS__  // it delays the reuse of freed memory
  CHECK(ResidentMiB() - settled < 4);
#endif
}

TEST_CASE("window: the handler of a lost display is removed with its owner") {
  using Handler = int (*)(void*);
  void* library = ::dlopen("libX11.so.6", RTLD_NOW);
  REQUIRE(library != nullptr);
  const auto set = reinterpret_cast<Handler (*)(Handler)>(::dlsym(library, "XSetIOErrorHandler"));
  REQUIRE(set != nullptr);
  const Handler before = set(nullptr);
  set(before);
  {
    const DisplayLossHandler handler([] { return 1; });
    const Handler during = set(nullptr);
    CHECK(during != before);
    set(during);
  }
  CHECK(set(before) == before);
}

TEST_CASE("window: without a display the reason is given") {
  ::unsetenv("DISPLAY");
  CHECK(DisplayProblem().find("DISPLAY is not set") != std::string::npos);
  ::setenv("DISPLAY", ":54321", 1);
  CHECK(DisplayProblem().find(":54321") != std::string::npos);
}

}  // namespace
}  // namespace nabla::viewer
