// SFML 3.
#include "apps/viewer/window/sfml.h"

namespace nabla::viewer {
namespace {

// Returns false for events that are ignored.
bool Translate(const sf::Event& from, HeldKeys& held, InputEvent& event) {
  const auto mouse = [&](InputEvent::Kind kind, std::optional<InputEvent::Button> button,
                         sf::Vector2i position) {
    if (!button) return false;
    event.kind = kind;
    event.button = *button;
    event.x = position.x;
    event.y = position.y;
    return true;
  };
  if (const auto* pressed = from.getIf<sf::Event::KeyPressed>()) {
    event.kind = InputEvent::Kind::kKeyDown;
    event.key = FromSfml(pressed->code);
    event.repeated = !held.insert(pressed->code).second;
  } else if (const auto* released = from.getIf<sf::Event::KeyReleased>()) {
    event.kind = InputEvent::Kind::kKeyUp;
    event.key = FromSfml(released->code);
    held.erase(released->code);
  } else if (const auto* down = from.getIf<sf::Event::MouseButtonPressed>()) {
    return mouse(InputEvent::Kind::kMouseDown, FromSfml(down->button), down->position);
  } else if (const auto* up = from.getIf<sf::Event::MouseButtonReleased>()) {
    return mouse(InputEvent::Kind::kMouseUp, FromSfml(up->button), up->position);
  } else if (const auto* moved = from.getIf<sf::Event::MouseMoved>()) {
    return mouse(InputEvent::Kind::kMouseMove, InputEvent::Button::kLeft, moved->position);
  } else if (const auto* scrolled = from.getIf<sf::Event::MouseWheelScrolled>()) {
    event.kind = InputEvent::Kind::kWheel;
    event.wheel = static_cast<double>(scrolled->delta);
  } else if (from.is<sf::Event::FocusLost>()) {
    held.clear();
    event.kind = InputEvent::Kind::kLostFocus;
  } else if (from.is<sf::Event::Closed>()) {
    event.kind = InputEvent::Kind::kClose;
  } else {
    return false;
  }
  return true;
}

}  // namespace

void Open(sf::RenderWindow& window, sf::Vector2u size, const sf::String& title) {
  window.create(sf::VideoMode(size), title);
}

bool Resize(sf::Texture& texture, sf::Vector2u size) { return texture.resize(size); }

std::optional<InputEvent> PollEvent(sf::RenderWindow& window, HeldKeys& held) {
  while (const std::optional<sf::Event> from = window.pollEvent()) {
    InputEvent event;
    if (Translate(*from, held, event)) return event;
  }
  return std::nullopt;
}

}  // namespace nabla::viewer
