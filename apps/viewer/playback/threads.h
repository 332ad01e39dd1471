// Threads of the viewer: how they start, their priority, and how long work in them stops.
#pragma once

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <functional>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace nabla::viewer {

// Whether work should stop. Long work asks every few milliseconds, and throws WorkStopped.
using StopCheck = std::function<bool()>;

class WorkStopped : public std::runtime_error {
 public:
  WorkStopped() : std::runtime_error("stopped; nothing was written") {}
};

inline void ThrowIf(const StopCheck& stop) {
  if (stop()) throw WorkStopped();
}

// Starts a thread. Throws std::runtime_error with one line if the system has no room for it.
template <class Thread, class Function>
Thread StartThread(Function function) {
  try {
    return Thread(std::move(function));
  } catch (const std::system_error& error) {
    throw std::runtime_error("cannot start a thread of the viewer: " + error.code().message() +
                             "; end other processes, or raise the limits (ulimit -u, ulimit -v)");
  }
}

inline constexpr int kDrawingNice = 5;
inline constexpr int kAnalysisNice = 15;

// Sets the nice value (0 to 19) of the calling thread and of the threads it starts from now on, so
// that a training on the same machine keeps its speed. Does nothing on systems other than Linux.
inline void LowerPriority([[maybe_unused]] int nice) {
#ifdef SYS_gettid
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), nice);
#endif
}

}  // namespace nabla::viewer
