// nabla watch --benchmark: measures the cost of watching.
#pragma once

#include <string>

namespace nabla::apps {

// Trains `task` for `seconds`, alternately with and without a window that shows all panels, and
// prints frames per second, the time to the first frame, and the speed of the training with and
// without a window. Writes no files. Returns the exit code.
int BenchmarkWatch(const std::string& task, int seconds);

}  // namespace nabla::apps
