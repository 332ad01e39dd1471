#include "apps/viewer/window/screen_recorder.h"

#include <exception>
#include <utility>

namespace nabla::viewer {
namespace {

constexpr double kFramesPerSecond = 30;
constexpr double kMaxRepeats = 30;  // of one picture, after a window that did not move

}  // namespace

std::filesystem::path FreeName(const std::filesystem::path& folder, const std::string& extension) {
  for (int n = 1;; ++n) {
    auto path = folder / ("nabla_" + std::to_string(n) + extension);
    if (!std::filesystem::exists(std::filesystem::symlink_status(path))) return path;
  }
}

void ScreenRecorder::Add(const Surface& picture, Playback& playback) {
  const bool has_size =
      (picture.width() & ~1) == even_.width() && (picture.height() & ~1) == even_.height();
  if (movie_ && (!playback.wants_recording() || !has_size)) Finish(playback);
  if (!playback.wants_recording()) return;
  try {
    if (!movie_) Start(picture);
    Write(picture);
  } catch (const std::exception& error) {  // such as no ffmpeg, a full disk
    movie_.reset();
    playback.StopRecording();
    playback.ShowMessage(error.what());
  }
}

void ScreenRecorder::Start(const Surface& picture) {
  even_ = Surface(picture.width() & ~1, picture.height() & ~1);
  file_ = FreeName(folder_, ".mp4");
  movie_ = std::make_unique<Movie>(file_, even_.width(), even_.height(), kFramesPerSecond, stop_);
  start_ = Clock::now();
  written_ = 0;
}

void ScreenRecorder::Write(const Surface& picture) {
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  const double due = seconds * kFramesPerSecond;
  if (written_ > due) return;
  if (due - written_ > kMaxRepeats) written_ = due - kMaxRepeats;
  even_.Copy(picture, 0, 0);
  for (; written_ <= due; ++written_) movie_->Add(even_);
}

void ScreenRecorder::Finish(Playback& playback) {
  if (!movie_) return;
  try {
    movie_->Finish();
    playback.ShowMessage("saved " + file_.string());
  } catch (const std::exception& error) {
    playback.ShowMessage(error.what());
  }
  movie_.reset();
  playback.StopRecording();
}

}  // namespace nabla::viewer
