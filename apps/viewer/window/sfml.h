// SFML under our names. What differs between its versions 2 and 3 is in sfml2.cc and sfml3.cc.
#pragma once

#include <SFML/Graphics.hpp>
#include <optional>
#include <set>

#include "apps/viewer/scene/input_event.h"

namespace nabla::viewer {

using HeldKeys = std::set<sf::Keyboard::Key>;

void Open(sf::RenderWindow& window, sf::Vector2u size, const sf::String& title);
bool Resize(sf::Texture& texture, sf::Vector2u size);
// The next event that is not ignored; none if there is none. Updates `held`.
std::optional<InputEvent> PollEvent(sf::RenderWindow& window, HeldKeys& held);

inline Key FromSfml(sf::Keyboard::Key key) {
  using Sf = sf::Keyboard::Key;
  // Letters, digits and function keys are in order in both.
  const auto within = [key](Sf first, Sf last, Key ours) -> std::optional<Key> {
    if (key < first || key > last) return std::nullopt;
    return static_cast<Key>(static_cast<int>(ours) + static_cast<int>(key) -
                            static_cast<int>(first));
  };
  if (const auto letter = within(Sf::A, Sf::Z, Key{'A'})) return *letter;
  if (const auto digit = within(Sf::Num0, Sf::Num9, Key{'0'})) return *digit;
  if (const auto digit = within(Sf::Numpad0, Sf::Numpad9, Key{'0'})) return *digit;
  if (const auto function = within(Sf::F1, Sf::F12, FunctionKey(1))) return *function;
  struct Pair {
    Sf theirs;
    Key ours;
  };
  static constexpr Pair kOthers[] = {
      {Sf::Space, Key::kSpace},  {Sf::Enter, Key::kEnter},    {Sf::Escape, Key::kEscape},
      {Sf::Left, Key::kLeft},    {Sf::Right, Key::kRight},    {Sf::Up, Key::kUp},
      {Sf::Down, Key::kDown},    {Sf::Add, Key::kPlus},       {Sf::Equal, Key::kPlus},
      {Sf::Hyphen, Key::kMinus}, {Sf::Subtract, Key::kMinus}, {Sf::Backspace, Key::kBackspace},
  };
  for (const Pair& pair : kOthers) {
    if (pair.theirs == key) return pair.ours;
  }
  return Key::kUnknown;
}

// None for the buttons that do nothing.
inline std::optional<InputEvent::Button> FromSfml(sf::Mouse::Button button) {
  if (button == sf::Mouse::Button::Left) return InputEvent::Button::kLeft;
  if (button == sf::Mouse::Button::Right) return InputEvent::Button::kRight;
  return std::nullopt;
}

}  // namespace nabla::viewer
