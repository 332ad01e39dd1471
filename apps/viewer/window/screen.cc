// Screen with SFML: what is the same in its versions 2 and 3.
#include "apps/viewer/window/screen.h"

#include "agent/state/file_io.h"
#include "apps/viewer/window/display.h"
#include "apps/viewer/window/sfml.h"

namespace nabla::viewer {

struct Screen::Window {
  sf::RenderWindow window;
  sf::Texture texture;
  HeldKeys held;
};

Screen::Screen(const std::string& title, int width, int height) {
  const std::string problem = DisplayProblem();
  if (!problem.empty()) throw agent::InputError(problem);
  window_ = std::make_unique<Window>();
  Open(window_->window, {static_cast<unsigned>(width), static_cast<unsigned>(height)},
       sf::String::fromUtf8(title.begin(), title.end()));
}

Screen::~Screen() = default;

int Screen::width() const { return static_cast<int>(window_->window.getSize().x); }
int Screen::height() const { return static_cast<int>(window_->window.getSize().y); }

std::optional<InputEvent> Screen::Poll() { return PollEvent(window_->window, window_->held); }

void Screen::Show(std::span<const std::uint8_t> rgba, int width, int height) {
  const sf::Vector2u size(static_cast<unsigned>(width), static_cast<unsigned>(height));
  if (window_->texture.getSize() != size && !Resize(window_->texture, size)) return;
  window_->texture.update(rgba.data());
  const sf::Vector2f extent(static_cast<float>(width), static_cast<float>(height));
  window_->window.setView(sf::View(sf::FloatRect({0, 0}, extent)));
  sf::RenderStates states;
  states.blendMode = sf::BlendNone;
  window_->window.draw(sf::Sprite(window_->texture), states);
  window_->window.display();
}

}  // namespace nabla::viewer
