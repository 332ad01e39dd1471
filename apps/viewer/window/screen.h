// Screen: a window that shows a picture and returns user input. Hides SFML.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "apps/viewer/scene/input_event.h"

namespace nabla::viewer {

class Screen {
 public:
  // `title` is UTF-8. Throws InputError if there is no display to open it on.
  Screen(const std::string& title, int width, int height);
  ~Screen();

  // In px; either may be 0 while the window is minimised.
  int width() const;
  int height() const;

  // The next pending event; none if there is none.
  std::optional<InputEvent> Poll();

  // Fills the window with a picture of width × height px: bytes R, G, B, A, row by row.
  void Show(std::span<const std::uint8_t> rgba, int width, int height);

 private:
  struct Window;
  std::unique_ptr<Window> window_;
};

}  // namespace nabla::viewer
