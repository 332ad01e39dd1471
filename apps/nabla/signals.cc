#include "apps/nabla/signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>

namespace nabla::apps {
namespace {

std::atomic<bool> stop_requested = false;
std::atomic<int> stop_signal = 0;
std::atomic<bool> checkpoint_requested = false;
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

// The number before the flag: whoever sees the flag finds the number. The first signal counts.
void Stop(int signal) {
  int none = 0;
  stop_signal.compare_exchange_strong(none, signal);
  stop_requested = true;
}

void Checkpoint(int) { checkpoint_requested = true; }

void Install(int signal, void (*handler)(int), int flags = 0) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART | flags;
  sigaction(signal, &action, nullptr);
}

}  // namespace

void PrepareProcess() {
  Install(SIGXFSZ, SIG_IGN);
  for (int stream = 0; stream <= 2; ++stream) {
    // open(2) takes the lowest free descriptor.
    if (::fcntl(stream, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) != stream) ::_exit(1);
  }
}

void HandleRunSignals() {
  Install(SIGPIPE, SIG_IGN);
  for (const int signal : {SIGINT, SIGHUP}) {
    struct sigaction inherited = {};
    sigaction(signal, nullptr, &inherited);
    if (inherited.sa_handler != SIG_IGN) Install(signal, Stop, SA_RESETHAND);
  }
  Install(SIGTERM, Stop, SA_RESETHAND);
  Install(SIGUSR1, Checkpoint);
}

void RestoreSignals() {
  for (const int signal : {SIGPIPE, SIGINT, SIGHUP, SIGTERM, SIGUSR1}) {
    struct sigaction present = {};
    sigaction(signal, nullptr, &present);
    const bool is_ours = present.sa_handler == Stop || present.sa_handler == Checkpoint;
    if (is_ours || signal == SIGPIPE) Install(signal, SIG_DFL);
  }
}

const std::atomic<bool>& StopRequested() { return stop_requested; }
void RequestStop() { stop_requested = true; }
int StopSignal() { return stop_signal; }
bool TakeCheckpointRequest() { return checkpoint_requested.exchange(false); }

}  // namespace nabla::apps
