// The window: a loop of events, time, picture. What is drawn is the panels' business, what keys do
// the stage's; here they meet a screen and a clock.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "apps/viewer/playback/stage.h"

namespace nabla::viewer {

struct WindowOptions {
  std::string title = "nabla";
  int width = 1280, height = 720;        // px
  double frames_per_second = 60;         // at most
  std::filesystem::path pictures = ".";  // where F12 and R leave what they make
  // Called behind every picture, with its number from 1 on; true ends the loop.
  std::function<bool(std::int64_t)> after_frame;
};

struct WindowReport {
  std::int64_t frames = 0;
  double first_frame = 0;           // s from the call to the first picture on the screen
  double seconds = 0;               // of all pictures behind the first
  std::vector<float> work_seconds;  // of the newest pictures: events, drawing and showing, no wait
};

// Why RunWindow cannot open a window, in one line: no display, or a program that was built without
// Cairo or SFML. "" if it can.
std::string WindowProblem();

// To be called before any other thread is started: leaves the cores to the training. Mesa's
// software renderer starts a thread a core, which takes turns with those that learn; here it is
// told (LP_NUM_THREADS, unless that is set already) to draw on the thread that has the window.
void PrepareWindow();

// Opens a window and shows `stage` until it is closed or `stop` is set, on this thread, whose
// priority is lowered for good. Throws InputError with the problem if there is one.
WindowReport RunWindow(Stage& stage, const WindowOptions& options, const std::atomic<bool>& stop);

}  // namespace nabla::viewer
