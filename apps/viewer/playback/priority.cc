#include "apps/viewer/playback/priority.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace nabla::viewer {

void LowerPriority([[maybe_unused]] int nice) {
#ifdef SYS_gettid
  setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), nice);
#endif
}

}  // namespace nabla::viewer
