// Screen: a window that shows a picture and returns user input. Hides SFML: screen_sfml2.cc is for
// version 2, screen_sfml3.cc for version 3.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "apps/viewer/scene/event.h"

namespace nabla::viewer {

// An event and the position of the mouse in px. Event::hit is not filled in.
struct ScreenEvent {
  Event event;
  double x = 0, y = 0;
};

class Screen {
 public:
  // Throws InputError if there is no display to open it on.
  Screen(const std::string& title, int width, int height);
  ~Screen();

  // In px; either may be 0 while the window is minimised.
  int width() const;
  int height() const;

  // The next pending event; none if there is none.
  std::optional<ScreenEvent> Poll();

  // Fills the window with a picture of width × height px: bytes R, G, B, A, row by row.
  void Show(std::span<const std::uint8_t> rgba, int width, int height);

 private:
  struct Window;
  std::unique_ptr<Window> window_;
};

}  // namespace nabla::viewer
