#include "apps/viewer/window/display.h"

#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <utility>

#include "apps/viewer/playback/threads.h"
#include "config/scalar.h"

namespace nabla::viewer {
namespace {

// The functions of libX11 that are needed here, from the library that SFML has loaded. (The headers
// of X11 define macros with common names.) Null if there is no libX11.
struct X11 {
  using Handler = int (*)(void* display);
  void* (*open)(const char* name) = nullptr;
  Handler (*set_io_error_handler)(Handler handler) = nullptr;

  X11() {
    void* library = ::dlopen("libX11.so.6", RTLD_NOW | RTLD_GLOBAL);
    if (library == nullptr) return;
    Find(library, "XOpenDisplay", open);
    Find(library, "XSetIOErrorHandler", set_io_error_handler);
  }

 private:
  template <class Function>
  static void Find(void* library, const char* name, Function& function) {
    function = reinterpret_cast<Function>(::dlsym(library, name));
  }
};

const X11& Library() {
  static const X11 library;
  return library;
}

DisplayLossHandler* installed = nullptr;

}  // namespace

std::string DisplayProblem() {
  const char* name = std::getenv("DISPLAY");
  if (name == nullptr || *name == '\0') return "there is no display (DISPLAY is not set)";
  if (Library().open == nullptr) return "";  // no X11: opening the window will report it
  // The connection stays open: a server without a window manager resets itself when its last client
  // disconnects, and refuses connections meanwhile.
  static std::string opened;
  static const void* connection = nullptr;
  if (connection != nullptr && opened == name) return "";
  connection = Library().open(nullptr);
  if (connection == nullptr) {
    return "the display " + config::OneLine(name, 200) + " cannot be opened";
  }
  opened = name;
  return "";
}

DisplayLossHandler::DisplayLossHandler(std::function<int()> action)
    : action_(std::move(action)),
      thread_(StartThread<std::jthread>([this](const std::stop_token& stop) { Run(stop); })) {
  installed = this;
  if (Library().set_io_error_handler) previous_ = Library().set_io_error_handler(OnLoss);
}

DisplayLossHandler::~DisplayLossHandler() {
  if (Library().set_io_error_handler) Library().set_io_error_handler(previous_);
  installed = nullptr;
}

int DisplayLossHandler::OnLoss(void*) {
  {
    const std::lock_guard lock(installed->mutex_);
    installed->lost_ = true;
  }
  installed->changed_.notify_one();
  while (true) ::pause();
}

void DisplayLossHandler::Run(const std::stop_token& stop) {
  {
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, stop, [this] { return lost_; })) return;
  }
  int exit_code = EXIT_FAILURE;
  try {
    exit_code = action_();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "nabla: %s\n", error.what());
  }
  std::fflush(nullptr);
  ::_exit(exit_code);
}

}  // namespace nabla::viewer
