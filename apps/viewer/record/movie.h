// Movie: pipes pictures as raw pixels into ffmpeg.
//
//     Movie movie("episode.mp4", 1280, 720, 60);
//     movie.Add(picture);   // for each picture
//     movie.Finish();       // creates the file
//
// ffmpeg writes a temporary file (".tmp_episode.mp4"), which is renamed when it is complete. A
// failure (no ffmpeg, a full disk, a killed process) is an exception with a message of one line,
// and leaves no files.
//
//   .mp4  H.264, 4:2:0
//   .gif  in two passes, so that no picture is held in memory: a lossless video and the palette of
//         its 256 colours, then the video in that palette
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "apps/viewer/drawing/surface.h"

namespace nabla::viewer {

class PipedProcess;

class Movie {
 public:
  // Throws agent::InputError for another extension, for odd sizes of a .mp4, or if there is no
  // ffmpeg.
  Movie(std::filesystem::path file, int width, int height, double frames_per_second);
  ~Movie();
  Movie(const Movie&) = delete;
  Movie& operator=(const Movie&) = delete;

  // `picture` must have the size of the movie. Throws std::runtime_error.
  void Add(const Surface& picture);
  void Finish();

  // Whether `file` has the extension of a movie.
  static bool IsMovie(const std::filesystem::path& file);

 private:
  std::vector<std::string> Input() const;
  std::vector<std::string> Mp4Arguments() const;
  std::vector<std::string> VideoArguments() const;
  std::vector<std::string> GifArguments() const;

  std::filesystem::path file_;
  int width_, height_;
  double frames_per_second_;
  std::filesystem::path complete_, video_, palette_;  // temporaries
  std::unique_ptr<PipedProcess> process_;
};

}  // namespace nabla::viewer
