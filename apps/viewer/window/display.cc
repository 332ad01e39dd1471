#include "apps/viewer/window/display.h"

#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

namespace nabla::viewer {
namespace {

// The few functions of X11's library that are needed, from the copy that SFML has loaded: its
// headers define macros for half of the English language. Null members where it is not there.
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

std::function<void()> lost_action;
int lost_exit_code = 1;

int Lost(void*) {
  if (lost_action) std::exchange(lost_action, nullptr)();
  ::_exit(lost_exit_code);
}

}  // namespace

std::string DisplayProblem() {
  const char* name = std::getenv("DISPLAY");
  if (name == nullptr || *name == '\0') return "there is no display (DISPLAY is not set)";
  if (Library().open == nullptr) return "";  // no X11: whoever opens the window will tell
  // The connection is kept: a server without a window manager starts anew when its last client
  // leaves it, and refuses the next one meanwhile.
  static std::string opened;
  static const void* connection = nullptr;
  if (connection != nullptr && opened == name) return "";
  connection = Library().open(nullptr);
  if (connection == nullptr) {
    return "the display " + std::string(name) + " cannot be opened";
  }
  opened = name;
  return "";
}

void OnDisplayLost(std::function<void()> action, int exit_code) {
  lost_action = std::move(action);
  lost_exit_code = exit_code;
  if (Library().set_io_error_handler != nullptr) Library().set_io_error_handler(Lost);
}

}  // namespace nabla::viewer
