// record: an episode of what a run has learned, as pictures or as a movie. No window and no display
// are needed.
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
  // .mp4, .gif: a movie; .png: one picture; .png with %d or %04d in its name: numbered pictures.
  std::filesystem::path out;
  std::uint64_t seed = 0;  // of the start state
  int width = 1280;        // px
  int height = 720;
  double seconds = 0;            // of the episode; 0: to its end. Of one picture: when it is taken.
  double frames_per_second = 0;  // 0: 60 in a .mp4, 25 else
  bool dark = true;
  std::string panels = "all";
  std::string font;  // "": DejaVu Sans
};

struct Recorded {
  std::int64_t frames = 0;
  double seconds = 0;
  double total_reward = 0;
};

// Throws InputError, config::Error or std::runtime_error in one line; what is named `out` is then
// as it was before. Ends early, with the same effect, when `stop` is set.
Recorded Record(const RecordOptions& options, const std::atomic<bool>& stop);

}  // namespace nabla::viewer
