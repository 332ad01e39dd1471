// What the program does with signals: SIGINT and SIGTERM ask a run to stop after the present step,
// SIGUSR1 asks it for a checkpoint.
#pragma once

#include <atomic>

namespace nabla::apps {

// To be called first in main: a file that grows beyond a limit is then an error of the write call,
// which is reported, and no signal that kills.
void PrepareSignals();

// Installs the handlers of a training run. A second SIGINT ends the program at once. A reader of
// the output that goes away (SIGPIPE) does not end a run; other commands it ends as usual.
void HandleRunSignals();

const std::atomic<bool>& StopRequested();
void RequestStop();            // as a signal does, without one
int StopSignal();              // SIGINT or SIGTERM, 0 if there was none
bool TakeCheckpointRequest();  // true once after each SIGUSR1

}  // namespace nabla::apps
