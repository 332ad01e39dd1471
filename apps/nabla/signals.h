// Signal handling: SIGINT and SIGTERM ask a run to stop after the current step, SIGUSR1 asks it for
// a checkpoint.
#pragma once

#include <atomic>

namespace nabla::apps {

// Ignores SIGXFSZ, so that a file at its size limit is an error of write(2), which is reported.
// Call it first in main.
void PrepareSignals();

// Installs the handlers of a training run. A second SIGINT ends the program at once. SIGPIPE (the
// reader of the output has closed it) does not end a run; it ends other commands as usual.
void HandleRunSignals();

const std::atomic<bool>& StopRequested();
void RequestStop();  // the same request without a signal
// The first of SIGINT and SIGTERM, 0 if there was none. It is set before StopRequested().
int StopSignal();
bool TakeCheckpointRequest();  // true once after each SIGUSR1

}  // namespace nabla::apps
