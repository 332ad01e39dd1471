// The connection to the X display: whether a window can be opened, and what happens when the
// display goes away. By default Xlib ends the program in both cases.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace nabla::viewer {

// Why no window can be opened, "" if one can.
std::string DisplayProblem();

// DisplayLossHandler: ends the program in an orderly way when the connection to the display breaks.
//
// Xlib reports the loss in a callback that must not return (the connection cannot be used again)
// and must not throw (there are C frames below it). So the callback only signals a thread of this
// object and then blocks forever. The thread runs `action` as ordinary code and ends the program
// with the exit code that it returns. No destructor of the blocked thread runs.
//
// One object at a time may exist. Its destructor restores the previous handler.
class DisplayLossHandler {
 public:
  // `action` runs at most once, not on the thread that uses the display, which is blocked then. An
  // exception from it is printed, and ends the program with exit code 1.
  explicit DisplayLossHandler(std::function<int()> action);
  ~DisplayLossHandler();
  DisplayLossHandler(const DisplayLossHandler&) = delete;
  DisplayLossHandler& operator=(const DisplayLossHandler&) = delete;

 private:
  using XlibHandler = int (*)(void* display);

  static int OnLoss(void* display);
  void Run(const std::stop_token& stop);

  std::function<int()> action_;
  XlibHandler previous_ = nullptr;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool lost_ = false;
  std::jthread thread_;  // destroyed first
};

}  // namespace nabla::viewer
