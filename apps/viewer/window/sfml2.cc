// SFML 2.
#include "apps/viewer/window/sfml.h"

namespace nabla::viewer {
namespace {

// Returns false for events that are ignored.
bool Translate(const sf::Event& from, HeldKeys& held, InputEvent& event) {
  switch (from.type) {
    case sf::Event::KeyPressed:
      event.kind = InputEvent::Kind::kKeyDown;
      event.key = FromSfml(from.key.code);
      event.repeated = !held.insert(from.key.code).second;
      return true;
    case sf::Event::KeyReleased:
      event.kind = InputEvent::Kind::kKeyUp;
      event.key = FromSfml(from.key.code);
      held.erase(from.key.code);
      return true;
    case sf::Event::MouseButtonPressed:
    case sf::Event::MouseButtonReleased: {
      const auto button = FromSfml(from.mouseButton.button);
      if (!button) return false;
      event.kind = from.type == sf::Event::MouseButtonPressed ? InputEvent::Kind::kMouseDown
                                                              : InputEvent::Kind::kMouseUp;
      event.button = *button;
      event.x = from.mouseButton.x;
      event.y = from.mouseButton.y;
      return true;
    }
    case sf::Event::MouseMoved:
      event.kind = InputEvent::Kind::kMouseMove;
      event.x = from.mouseMove.x;
      event.y = from.mouseMove.y;
      return true;
    case sf::Event::MouseWheelScrolled:
      event.kind = InputEvent::Kind::kWheel;
      event.wheel = static_cast<double>(from.mouseWheelScroll.delta);
      return true;
    case sf::Event::LostFocus:
      held.clear();
      event.kind = InputEvent::Kind::kLostFocus;
      return true;
    case sf::Event::Closed:
      event.kind = InputEvent::Kind::kClose;
      return true;
    default:
      return false;
  }
}

}  // namespace

void Open(sf::RenderWindow& window, sf::Vector2u size, const sf::String& title) {
  window.create(sf::VideoMode(size.x, size.y), title);
}

bool Resize(sf::Texture& texture, sf::Vector2u size) { return texture.create(size.x, size.y); }

std::optional<InputEvent> PollEvent(sf::RenderWindow& window, HeldKeys& held) {
  for (sf::Event from; window.pollEvent(from);) {
    InputEvent event;
    if (Translate(from, held, event)) return event;
  }
  return std::nullopt;
}

}  // namespace nabla::viewer
