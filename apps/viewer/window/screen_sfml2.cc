// Screen with SFML 2.
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
  switch (from.type) {
    case sf::Event::KeyPressed:
      event.kind = Event::Kind::kKeyDown;
      event.key = FromSfml(from.key.code);
      event.repeated = !held.insert(from.key.code).second;
      return true;
    case sf::Event::KeyReleased:
      event.kind = Event::Kind::kKeyUp;
      event.key = FromSfml(from.key.code);
      held.erase(from.key.code);
      return true;
    case sf::Event::MouseButtonPressed:
    case sf::Event::MouseButtonReleased: {
      const auto button = FromSfml(from.mouseButton.button);
      if (!button) return false;
      event.kind = from.type == sf::Event::MouseButtonPressed ? Event::Kind::kMouseDown
                                                              : Event::Kind::kMouseUp;
      event.button = *button;
      to.x = from.mouseButton.x;
      to.y = from.mouseButton.y;
      return true;
    }
    case sf::Event::MouseMoved:
      event.kind = Event::Kind::kMouseMove;
      to.x = from.mouseMove.x;
      to.y = from.mouseMove.y;
      return true;
    case sf::Event::MouseWheelScrolled:
      event.kind = Event::Kind::kWheel;
      event.wheel = static_cast<double>(from.mouseWheelScroll.delta);
      return true;
    case sf::Event::LostFocus:
      held.clear();
      event.kind = Event::Kind::kLostFocus;
      return true;
    case sf::Event::Closed:
      event.kind = Event::Kind::kClose;
      return true;
    default:
      return false;
  }
}

}  // namespace

Screen::Screen(const std::string& title, int width, int height) {
  const std::string problem = DisplayProblem();
  if (!problem.empty()) throw agent::InputError(problem);
  window_ = std::make_unique<Window>();
  window_->window.create(sf::VideoMode(static_cast<unsigned>(width), static_cast<unsigned>(height)),
                         title);
}

Screen::~Screen() = default;

int Screen::width() const { return static_cast<int>(window_->window.getSize().x); }
int Screen::height() const { return static_cast<int>(window_->window.getSize().y); }

std::optional<ScreenEvent> Screen::Poll() {
  sf::Event from;
  while (window_->window.pollEvent(from)) {
    ScreenEvent to;
    if (Translate(from, window_->held, to)) return to;
  }
  return std::nullopt;
}

void Screen::Show(std::span<const std::uint8_t> rgba, int width, int height) {
  const sf::Vector2u size(static_cast<unsigned>(width), static_cast<unsigned>(height));
  if (window_->texture.getSize() != size && !window_->texture.create(size.x, size.y)) return;
  window_->texture.update(rgba.data());
  const auto w = static_cast<float>(width), h = static_cast<float>(height);
  window_->window.setView(sf::View(sf::FloatRect(0, 0, w, h)));
  sf::RenderStates states;
  states.blendMode = sf::BlendNone;
  window_->window.draw(sf::Sprite(window_->texture), states);
  window_->window.display();
}

}  // namespace nabla::viewer
