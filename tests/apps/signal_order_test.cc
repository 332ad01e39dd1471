// The order in which a signal's handler sets the number of the signal and the stop flag.
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>

#include "apps/nabla/signals.h"
#include "tests/support/catch.h"
#include "tests/support/skip.h"

namespace nabla::apps {
namespace {

// Ends a process with the number of the signal as its exit code.
void ExitWithStopSignal(int) { ::_exit(StopSignal()); }

TEST_CASE("Whoever sees the stop flag finds the number of the signal") {
  // The child executes the handler one instruction at a time. As soon as the flag is set, a second
  // signal reads the number.
  const pid_t child = ::fork();
  if (child == 0) {
    HandleRunSignals();
    std::signal(SIGUSR2, ExitWithStopSignal);
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(255);
    std::raise(SIGTERM);
    ::_exit(254);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 255) {
    return test::Skip("this test needs the right to trace its child");
  }
  // The aligned word that contains the flag, and the byte of the flag in it.
  const auto address = reinterpret_cast<std::uintptr_t>(&StopRequested());
  const std::uintptr_t word = address & ~(sizeof(long) - 1);
  const auto flag_is_set = [&] {
    const long value = ::ptrace(PTRACE_PEEKDATA, child, word, nullptr);
    return (value >> (8 * (address - word)) & 0xff) != 0;
  };
  REQUIRE(!flag_is_set());
  long signal = SIGTERM;
  while (WIFSTOPPED(status) && !flag_is_set()) {
    REQUIRE(::ptrace(PTRACE_SINGLESTEP, child, nullptr, signal) == 0);
    REQUIRE(::waitpid(child, &status, 0) == child);
    signal = 0;
  }
  REQUIRE(WIFSTOPPED(status));
  REQUIRE(::ptrace(PTRACE_CONT, child, nullptr, static_cast<long>(SIGUSR2)) == 0);
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == SIGTERM);
}

}  // namespace
}  // namespace nabla::apps
