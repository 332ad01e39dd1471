// Screen with SFML 3.
#include <SFML/Graphics.hpp>
#include <set>

#include "agent/state/file_io.h"
#include "apps/viewer/window/display.h"
#include "apps/viewer/window/screen.h"
#include "apps/viewer/window/sfml_keys.h"

namespace nabla::viewer {

struct Screen::Window {
  sf::RenderWindow window;
  sf::Texture texture;
  std::set<sf::Keyboard::Key> held;
};

namespace {

// Returns false for events that are ignored.
bool Translate(const sf::Event& from, std::set<sf::Keyboard::Key>& held, ScreenEvent& to) {
  Event& event = to.event;
  const auto mouse = [&](Event::Kind kind, std::optional<Event::Button> button,
                         sf::Vector2i position) {
    if (!button) return false;
    event.kind = kind;
    event.button = *button;
    to.x = position.x;
    to.y = position.y;
    return true;
  };
  if (const auto* pressed = from.getIf<sf::Event::KeyPressed>()) {
    event.kind = Event::Kind::kKeyDown;
    event.key = FromSfml(pressed->code);
    event.repeated = !held.insert(pressed->code).second;
  } else if (const auto* released = from.getIf<sf::Event::KeyReleased>()) {
    event.kind = Event::Kind::kKeyUp;
    event.key = FromSfml(released->code);
    held.erase(released->code);
  } else if (const auto* down = from.getIf<sf::Event::MouseButtonPressed>()) {
    return mouse(Event::Kind::kMouseDown, FromSfml(down->button), down->position);
  } else if (const auto* up = from.getIf<sf::Event::MouseButtonReleased>()) {
    return mouse(Event::Kind::kMouseUp, FromSfml(up->button), up->position);
  } else if (const auto* moved = from.getIf<sf::Event::MouseMoved>()) {
    return mouse(Event::Kind::kMouseMove, Event::Button::kLeft, moved->position);
  } else if (const auto* scrolled = from.getIf<sf::Event::MouseWheelScrolled>()) {
    event.kind = Event::Kind::kWheel;
    event.wheel = static_cast<double>(scrolled->delta);
  } else if (from.is<sf::Event::FocusLost>()) {
    held.clear();
    event.kind = Event::Kind::kLostFocus;
  } else if (from.is<sf::Event::Closed>()) {
    event.kind = Event::Kind::kClose;
  } else {
    return false;
  }
  return true;
}

}  // namespace

Screen::Screen(const std::string& title, int width, int height) {
  const std::string problem = DisplayProblem();
  if (!problem.empty()) throw agent::InputError(problem);
  window_ = std::make_unique<Window>();
  window_->window.create(
      sf::VideoMode({static_cast<unsigned>(width), static_cast<unsigned>(height)}), title);
}

Screen::~Screen() = default;

int Screen::width() const { return static_cast<int>(window_->window.getSize().x); }
int Screen::height() const { return static_cast<int>(window_->window.getSize().y); }

std::optional<ScreenEvent> Screen::Poll() {
  while (const std::optional<sf::Event> from = window_->window.pollEvent()) {
    ScreenEvent to;
    if (Translate(*from, window_->held, to)) return to;
  }
  return std::nullopt;
}

void Screen::Show(std::span<const std::uint8_t> rgba, int width, int height) {
  const sf::Vector2u size(static_cast<unsigned>(width), static_cast<unsigned>(height));
  if (window_->texture.getSize() != size && !window_->texture.resize(size)) return;
  window_->texture.update(rgba.data());
  const auto w = static_cast<float>(width), h = static_cast<float>(height);
  window_->window.setView(sf::View(sf::FloatRect({0, 0}, {w, h})));
  sf::RenderStates states;
  states.blendMode = sf::BlendNone;
  window_->window.draw(sf::Sprite(window_->texture), states);
  window_->window.display();
}

}  // namespace nabla::viewer
