// nabla watch --benchmark: what watching costs, measured on this machine.
#pragma once

#include <string>

namespace nabla::apps {

// Trains `task` in a folder that is deleted afterwards, in turns with and without a window of all
// panels, `seconds` in all, and prints pictures a second, the time to the first picture, and the
// training's speed in both. Returns the exit code.
int BenchmarkWatch(const std::string& task, int seconds);

}  // namespace nabla::apps
