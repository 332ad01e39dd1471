// Movie: pictures one after the other, piped as raw pixels into ffmpeg.
//
//     Movie movie("episode.mp4", 1280, 720, 60);
//     movie.Add(picture);   // as often as there are pictures
//     movie.Finish();       // only now there is a file of that name
//
// ffmpeg writes beside the file (".tmp_episode.mp4"), which is renamed when it is whole. Whatever
// fails (no ffmpeg, a full disk, a process that dies) is one line of an exception, and nothing
// stays.
//
//   .mp4  H.264, 4:2:0, plays everywhere
//   .gif  256 colours of its own: first a lossless film and the palette of all its pictures, then
//         the film in that palette, so that no picture is held in memory
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "apps/viewer/drawing/surface.h"

namespace nabla::viewer {

// A program with a pipe to its standard input; what it says against its work is kept.
class PipedProcess;

class Movie {
 public:
  // Throws agent::InputError for another ending, odd sizes in a .mp4, or where there is no ffmpeg.
  Movie(std::filesystem::path file, int width, int height, double frames_per_second);
  ~Movie();
  Movie(const Movie&) = delete;
  Movie& operator=(const Movie&) = delete;

  // Of the size given. Throws std::runtime_error.
  void Add(const Surface& picture);
  void Finish();

  // Whether `file` ends as one of these does.
  static bool IsOne(const std::filesystem::path& file);

 private:
  std::vector<std::string> Input() const;
  std::vector<std::string> Mp4Arguments() const;
  std::vector<std::string> FilmArguments() const;
  std::vector<std::string> GifArguments() const;

  std::filesystem::path file_;
  int width_, height_;
  double frames_per_second_;
  std::filesystem::path whole_, film_, palette_;  // temporaries
  std::unique_ptr<PipedProcess> process_;
};

}  // namespace nabla::viewer
