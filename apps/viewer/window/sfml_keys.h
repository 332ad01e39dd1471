// The keys and buttons of SFML under our names. Their names are the same in its versions 2 and 3.
#pragma once

#include <SFML/Window/Keyboard.hpp>
#include <SFML/Window/Mouse.hpp>
#include <optional>

#include "apps/viewer/scene/event.h"

namespace nabla::viewer {

inline Key FromSfml(sf::Keyboard::Key key) {
  using Sf = sf::Keyboard::Key;
  // Letters, digits and function keys are in order in both.
  const auto within = [key](Sf first, Sf last, Key ours) -> std::optional<Key> {
    if (key < first || key > last) return std::nullopt;
    return static_cast<Key>(static_cast<int>(ours) + static_cast<int>(key) -
                            static_cast<int>(first));
  };
  if (const auto letter = within(Sf::A, Sf::Z, Key::kA)) return *letter;
  if (const auto digit = within(Sf::Num0, Sf::Num9, Key::k0)) return *digit;
  if (const auto digit = within(Sf::Numpad0, Sf::Numpad9, Key::k0)) return *digit;
  if (const auto function = within(Sf::F1, Sf::F12, Key::kF1)) return *function;
  struct Pair {
    Sf theirs;
    Key ours;
  };
  static constexpr Pair kOthers[] = {
      {Sf::Space, Key::kSpace},
      {Sf::Enter, Key::kEnter},
      {Sf::Tab, Key::kTab},
      {Sf::Escape, Key::kEscape},
      {Sf::Left, Key::kLeft},
      {Sf::Right, Key::kRight},
      {Sf::Up, Key::kUp},
      {Sf::Down, Key::kDown},
      {Sf::Add, Key::kPlus},
      {Sf::Equal, Key::kPlus},
      {Sf::Hyphen, Key::kMinus},
      {Sf::Subtract, Key::kMinus},
      {Sf::Backspace, Key::kBackspace},
  };
  for (const Pair& pair : kOthers) {
    if (pair.theirs == key) return pair.ours;
  }
  return Key::kUnknown;
}

// None for the buttons that do nothing.
inline std::optional<Event::Button> FromSfml(sf::Mouse::Button button) {
  if (button == sf::Mouse::Button::Left) return Event::Button::kLeft;
  if (button == sf::Mouse::Button::Right) return Event::Button::kRight;
  return std::nullopt;
}

}  // namespace nabla::viewer
