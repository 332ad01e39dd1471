// What stands for the window where Cairo or SFML was not found.
#include "agent/file_io.h"
#include "apps/viewer/window.h"

namespace nabla::viewer {

std::string WindowProblem() {
  return "this program was built without a window (on Debian and Ubuntu: libsfml-dev and "
         "libcairo2-dev; ./nabla watch installs them and builds again)";
}

WindowReport RunWindow(Stage&, const WindowOptions&, const std::atomic<bool>&) {
  throw agent::InputError(WindowProblem());
}

}  // namespace nabla::viewer
