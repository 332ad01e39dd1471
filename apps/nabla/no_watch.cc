// Replaces watch.cc in a build without Cairo or SFML.
#include "apps/nabla/watch.h"

#include "agent/state/file_io.h"

namespace nabla::apps {

std::string WatchProblem() {
  return "this program was built without a window (on Debian and Ubuntu: libsfml-dev and "
         "libcairo2-dev; ./nabla watch installs them and builds again)";
}

int Watch(const WatchOptions& /*options*/) { throw agent::InputError(WatchProblem()); }

}  // namespace nabla::apps
