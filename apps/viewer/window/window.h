// The window of `nabla watch`: a loop that handles events, advances the playback and shows a
// picture.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "apps/viewer/playback/playback.h"

namespace nabla::viewer {

struct WindowOptions {
  std::string title = "nabla";
  int width = 1280, height = 720;  // px
  double frames_per_second = 60;   // at most
  // Called after every picture with its number, from 1; true ends the loop.
  std::function<bool(std::int64_t)> after_frame = {};
};

struct WindowReport {
  std::int64_t frames = 0;
  double first_frame = 0;           // s from the call to the first picture
  double seconds = 0;               // from the first picture to the last
  std::vector<float> work_seconds;  // of recent pictures, without waiting for the next one
};

// Leaves the cores to the training: Mesa's software renderer would start a thread per core. Sets
// LP_NUM_THREADS, unless it is set, so that it renders on the thread of the window. Must be called
// before any other thread is started.
void PrepareWindow();

// Opens a window and shows `playback` until it is closed or `stop` is set, on the calling thread,
// whose priority it lowers permanently. Screenshots and recordings go to the folder of the run.
// Throws InputError if there is no display.
WindowReport RunWindow(Playback& playback, const WindowOptions& options,
                       const std::atomic<bool>& stop);

}  // namespace nabla::viewer
