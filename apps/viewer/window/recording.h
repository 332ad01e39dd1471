// Recording: what the window shows, as a film from the key R to the next one.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "apps/viewer/drawing/surface.h"
#include "apps/viewer/playback/stage.h"
#include "apps/viewer/record/movie.h"

namespace nabla::viewer {

// The first "nabla_<n><extension>" in `folder` that does not exist.
std::filesystem::path FreeName(const std::filesystem::path& folder, const std::string& extension);

class Recording {
 public:
  explicit Recording(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // A picture that is on the screen now. Begins or ends the film as the stage wishes; a window of
  // another size ends it. What goes wrong is said on the stage and ends the film alone.
  void See(const Surface& picture, Stage& stage);
  void End(Stage& stage);

 private:
  using Clock = std::chrono::steady_clock;

  void Begin(const Surface& picture);
  void Add(const Surface& picture);

  std::filesystem::path folder_, file_;
  std::unique_ptr<Movie> movie_;
  Surface even_;  // the films' sizes are even
  Clock::time_point start_;
  double seen_ = 0;  // pictures of the film
};

}  // namespace nabla::viewer
