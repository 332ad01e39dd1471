// Signal handling: SIGINT, SIGTERM and SIGHUP ask a run to write a checkpoint and stop, SIGUSR1
// asks it for a checkpoint.
#pragma once

#include <atomic>

namespace nabla::apps {

// Ignores SIGXFSZ, so that a file at its size limit is an error of write(2), which is reported.
// Opens /dev/null in place of each standard stream that is closed, since the next file would become
// that stream. Call it first in main.
void PrepareProcess();

// Installs the handlers of a training run. A second SIGINT ends the program at once. SIGINT and
// SIGHUP stay ignored if they were ignored at the start (nohup, a job in the background). SIGPIPE
// (the reader of the output has closed it) does not end a run; it ends other commands as usual.
void HandleRunSignals();

// Signals end the program at once again.
void RestoreSignals();

const std::atomic<bool>& StopRequested();
void RequestStop();  // the same request without a signal
// The first of SIGINT, SIGTERM and SIGHUP, 0 if there was none. It is set before StopRequested().
int StopSignal();
bool TakeCheckpointRequest();  // true once after each SIGUSR1

}  // namespace nabla::apps
