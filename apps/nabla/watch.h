// What `nabla watch` does once its command line is read. Where the program was built without a
// window, no_watch.cc stands for it.
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
  bool close = false;  // when the training has ended
  double pace = 0;
  int benchmark = 0;  // s
  ConsoleOptions session;
};

// Why no window can be opened, in one line: no display, or a program that was built without one.
// "" if it can.
std::string WatchProblem();

// Trains a task in a window, or shows a run in it, until it is closed. Needs a window. Returns the
// exit code.
int Watch(const WatchOptions& options);

}  // namespace nabla::apps
