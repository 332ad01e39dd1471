// InputEvent: user input, independent of the window library, so that tests can send events too.
#pragma once

#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer {

// Keys by their label: letters and digits by their character, Key{'A'}, function keys by their
// number.
enum class Key {
  kUnknown = 0,
  kSpace = ' ',
  kPlus = '+',
  kMinus = '-',
  kFunction = 256,  // + n: Fn
  kEnter = 512,
  kEscape,
  kBackspace,
  kLeft,
  kRight,
  kDown,
  kUp,
};
constexpr Key FunctionKey(std::size_t number) {
  return static_cast<Key>(static_cast<std::size_t>(Key::kFunction) + number);
}

struct InputEvent {
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
  double x = 0, y = 0;            // of the mouse in the picture, px
  Hit hit{};                      // what is there; filled in by the window
  double wheel = 0;               // notches, positive away from the user

  static InputEvent Down(Key key) { return {.kind = Kind::kKeyDown, .key = key}; }
  static InputEvent Up(Key key) { return {.kind = Kind::kKeyUp, .key = key}; }
};

}  // namespace nabla::viewer
