// Event: what a person does to the window, without the window's library: scripts and tests make
// them as well as a window does.
#pragma once

#include "apps/viewer/scene/keys.h"
#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer {

struct Event {
  enum class Kind {
    kKeyDown,
    kKeyUp,
    kMouseDown,
    kMouseMove,
    kMouseUp,
    kWheel,
    kClose,
    kLostFocus
  };
  enum class Button { kLeft, kRight };

  Kind kind = Kind::kKeyDown;
  Key key = Key::kUnknown;        // of kKeyDown and kKeyUp
  bool repeated = false;          // a key that is held down
  Button button = Button::kLeft;  // of kMouseDown and kMouseUp
  Hit hit{};                      // what lies under the mouse
  double wheel = 0;               // notches, away from the person positive

  static Event Down(Key key) { return {.kind = Kind::kKeyDown, .key = key}; }
  static Event Up(Key key) { return {.kind = Kind::kKeyUp, .key = key}; }
};

}  // namespace nabla::viewer
