// Event: user input, independent of the window library, so that tests can send events too.
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
  bool repeated = false;          // an auto-repeat of a key that is held down
  Button button = Button::kLeft;  // of kMouseDown and kMouseUp
  Hit hit{};                      // what is under the mouse
  double wheel = 0;               // notches, positive away from the user

  static Event Down(Key key) { return {.kind = Kind::kKeyDown, .key = key}; }
  static Event Up(Key key) { return {.kind = Kind::kKeyUp, .key = key}; }
};

}  // namespace nabla::viewer
