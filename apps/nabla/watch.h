// `nabla watch` after its command line is parsed. In a build without a window, no_watch.cc replaces
// watch.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/nabla/console_session.h"

namespace nabla::apps {

struct WatchOptions {
  std::string path;
  std::string checkpoint = "latest";
  std::vector<std::string> overrides;
  std::optional<std::uint64_t> seed;
  std::optional<std::string> run_dir;
  std::string size = "1280x720";
  bool light = false;
  bool close = false;  // close the window when the training ends
  double pace = 0;     // steps/s of the training at most; 0: no limit
  int benchmark = 0;   // s; 0: no benchmark
  ConsoleOptions session;
};

// Why no window can be opened, in one line: no display, or a build without a window. "" if one can.
std::string WatchProblem();

// Trains `task` for `seconds`, alternately with and without a window that shows all panels, and
// prints frames per second, the time to the first frame, and the speed of the training with and
// without a window. Writes no files. Returns the exit code.
int BenchmarkWatch(const std::string& task, int seconds);

// Trains a task or shows a run in a window until the window is closed. Returns the exit code.
int Watch(const WatchOptions& options);

}  // namespace nabla::apps
