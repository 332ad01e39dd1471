// Record where there is nothing to draw with.
#include "agent/state/file_io.h"
#include "apps/viewer/record/record.h"

namespace nabla::viewer {

Recorded Record(const RecordOptions& /*options*/, const std::atomic<bool>& /*stop*/) {
  throw agent::InputError(
      "this program was built without Cairo; install libcairo2-dev and build again "
      "(./nabla record does both)");
}

}  // namespace nabla::viewer
