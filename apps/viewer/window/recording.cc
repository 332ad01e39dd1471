#include "apps/viewer/window/recording.h"

#include <exception>
#include <utility>

namespace nabla::viewer {
namespace {

constexpr double kFramesPerSecond = 30;
constexpr double kMostRepeated = 30;  // of one picture, after a window that stood still

}  // namespace

std::filesystem::path FreeName(const std::filesystem::path& folder, const std::string& extension) {
  for (int n = 1;; ++n) {
    auto path = folder / ("nabla_" + std::to_string(n) + extension);
    if (!std::filesystem::exists(path)) return path;
  }
}

void Recording::See(const Surface& picture, Stage& stage) {
  const bool has_size =
      (picture.width() & ~1) == even_.width() && (picture.height() & ~1) == even_.height();
  if (movie_ && (!stage.wants_recording() || !has_size)) End(stage);
  if (!stage.wants_recording()) return;
  try {
    if (!movie_) Begin(picture);
    Add(picture);
  } catch (const std::exception& error) {  // no ffmpeg, a full disk
    movie_.reset();
    stage.StopRecording();
    stage.Say(error.what());
  }
}

void Recording::Begin(const Surface& picture) {
  even_ = Surface(picture.width() & ~1, picture.height() & ~1);
  file_ = FreeName(folder_, ".mp4");
  movie_ = std::make_unique<Movie>(file_, even_.width(), even_.height(), kFramesPerSecond);
  start_ = Clock::now();
  seen_ = 0;
}

void Recording::Add(const Surface& picture) {
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  const double due = seconds * kFramesPerSecond;
  if (seen_ > due) return;
  if (due - seen_ > kMostRepeated) seen_ = due - kMostRepeated;
  even_.Copy(picture, 0, 0);
  for (; seen_ <= due; ++seen_) movie_->Add(even_);
}

void Recording::End(Stage& stage) {
  if (!movie_) return;
  try {
    movie_->Finish();
    stage.Say("saved " + file_.string());
  } catch (const std::exception& error) {
    stage.Say(error.what());
  }
  movie_.reset();
  stage.StopRecording();
}

}  // namespace nabla::viewer
