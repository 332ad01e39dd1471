// ScreenRecorder: records what the window shows as a movie, while the playback wants a recording.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "apps/viewer/drawing/surface.h"
#include "apps/viewer/playback/playback.h"
#include "apps/viewer/record/movie.h"

namespace nabla::viewer {

// The first "nabla_<n><extension>" in `folder` that does not exist.
std::filesystem::path FreeName(const std::filesystem::path& folder, const std::string& extension);

class ScreenRecorder {
 public:
  // When `stop` is set, a movie is finished within a second or dropped.
  ScreenRecorder(std::filesystem::path folder, const std::atomic<bool>& stop)
      : folder_(std::move(folder)), stop_(stop) {}

  // Adds the picture on the screen; starts or finishes the movie if necessary. A new size of the
  // window finishes it. Errors are shown in the status line and end the recording only.
  void Add(const Surface& picture, Playback& playback);
  void Finish(Playback& playback);

 private:
  using Clock = std::chrono::steady_clock;

  void Start(const Surface& picture);
  void Write(const Surface& picture);

  std::filesystem::path folder_, file_;
  const std::atomic<bool>& stop_;
  std::unique_ptr<Movie> movie_;
  Surface even_;  // a movie needs even sizes
  Clock::time_point start_;
  double written_ = 0;  // frames
};

}  // namespace nabla::viewer
