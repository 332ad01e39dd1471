// Movie: pipes pictures as raw pixels into ffmpeg.
//
//     Movie movie("episode.mp4", 1280, 720, 60);
//     movie.Add(picture);   // for each picture
//     movie.Finish();       // creates the file
//
// ffmpeg writes a temporary file (".tmp_episode.mp4"), which is renamed when it is complete. It
// gets descriptors instead of names, which it could read as options, patterns or addresses. A
// failure (no ffmpeg, a full disk, a killed process) is an exception with a message of one line,
// and leaves no files.
//
//   .mp4  H.264, 4:2:0
//   .gif  in two passes, so that no picture is held in memory: a lossless video and the palette of
//         its 256 colours, then the video in that palette
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/viewer/drawing/surface.h"
#include "apps/viewer/record/piped_process.h"

namespace nabla::viewer {

class Movie {
 public:
  // When `stop` is set, Add and Finish throw if they would wait for ffmpeg. Throws
  // agent::InputError for another extension, for odd sizes of a .mp4, or if there is no ffmpeg.
  Movie(std::filesystem::path file, int width, int height, double frames_per_second,
        const std::atomic<bool>& stop);

  // `picture` must have the size of the movie. Throws std::runtime_error.
  void Add(const Surface& picture);
  void Finish();

  // Whether `file` has the extension of a movie.
  static bool IsMovie(const std::filesystem::path& file);

 private:
  // A file that is deleted unless it is renamed.
  struct Temporary {
    explicit Temporary(const std::filesystem::path& path);
    ~Temporary();
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;

    agent::FileDescriptor file;
  };

  void Start(const std::vector<std::string>& arguments, const PipedProcess::Files& files);

  std::filesystem::path file_;
  bool is_gif_;
  const std::atomic<bool>& stop_;
  std::optional<Temporary> complete_;
  agent::FileDescriptor video_, palette_;  // without names
  std::unique_ptr<PipedProcess> process_;
};

}  // namespace nabla::viewer
