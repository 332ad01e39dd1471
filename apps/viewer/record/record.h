// Record: an episode of a run as pictures or as a movie. Needs no display.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>

#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer {

struct RecordOptions {
  std::filesystem::path run;
  std::string checkpoint = "latest";
  // .mp4 or .gif: a movie; .png: one picture; .png with %d or %04d in its name: numbered pictures.
  std::filesystem::path out;
  std::uint64_t seed = 0;  // of the start state
  int width = 1280;        // px
  int height = 720;
  double seconds = 0;            // length (0: the whole episode), or the time of one picture
  double frames_per_second = 0;  // 0: 60 for .mp4, else 25
  bool dark = true;
  std::string panels = "all";
  std::string font;  // "": DejaVu Sans
};

struct RecordResult {
  std::int64_t frames = 0;
  double seconds = 0;
  double total_reward = 0;
};

// Throws InputError, config::Error or std::runtime_error with a message of one line, and a
// std::runtime_error when `stop` is set. `out` is unchanged then.
RecordResult Record(const RecordOptions& options, const std::atomic<bool>& stop);

}  // namespace nabla::viewer
