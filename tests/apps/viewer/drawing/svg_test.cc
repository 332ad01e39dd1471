// SVG pictures of environments: valid documents, the same every time, and `nabla draw`.
#include "apps/viewer/drawing/svg.h"

#include <cmath>
#include <regex>

#include "apps/viewer/drawing/cairo_canvas.h"
#include "envs/registry/registry.h"
#include "tests/apps/program.h"
#include "tests/support/catch.h"

namespace nabla::viewer::test {
namespace {

std::size_t Count(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

// Every element is closed, in the right order.
bool IsBalanced(const std::string& svg) {
  std::vector<std::string> open;
  for (std::size_t at = svg.find('<'); at != std::string::npos; at = svg.find('<', at + 1)) {
    const std::size_t end = svg.find('>', at);
    if (end == std::string::npos) return false;
    const std::string tag = svg.substr(at + 1, end - at - 1);
    if (tag.starts_with('?') || tag.ends_with('/')) continue;
    if (!tag.starts_with('/')) {
      open.push_back(tag.substr(0, tag.find(' ')));
    } else if (open.empty() || open.back() != tag.substr(1)) {
      return false;
    } else {
      open.pop_back();
    }
  }
  return open.empty();
}

// Checks that what is drawn is finite and has something inside the view.
class CheckingCanvas : public envs::Canvas {
 public:
  void View(envs::Point low, envs::Point high) override {
    low_ = low;
    high_ = high;
    CHECK(low.x < high.x);
    CHECK(low.y < high.y);
  }
  void Line(envs::Point from, envs::Point to, double width, envs::Paint) override {
    CHECK(width > 0);
    Add(from), Add(to);
  }
  void Circle(envs::Point centre, double radius, envs::Paint) override {
    CHECK(radius > 0);
    Add(centre);
  }
  void Ring(envs::Point centre, double radius, double width, envs::Paint) override {
    CHECK(radius > 0);
    CHECK(width > 0);
    Add(centre);
  }
  void Polygon(std::span<const envs::Point> corners, envs::Paint) override {
    for (const envs::Point& corner : corners) Add(corner);
  }
  void Text(envs::Point centre, double height, std::string_view, envs::Paint) override {
    CHECK(height > 0);
    Add(centre);
  }

  int inside() const { return inside_; }

 private:
  void Add(envs::Point point) {
    CHECK(std::isfinite(point.x));
    CHECK(std::isfinite(point.y));
    if (point.x >= low_.x && point.x <= high_.x && point.y >= low_.y && point.y <= high_.y) {
      ++inside_;
    }
  }

  envs::Point low_, high_;
  int inside_ = 0;
};

}  // namespace

TEST_CASE("svg: every environment draws finite shapes inside its view") {
  for (const envs::EnvironmentEntry& entry : envs::Registry()) {
    INFO(entry.name);
    const auto environment = entry.make();
    Rng rng(1);
    envs::Vector observation(environment->spec().observation_size);
    environment->Reset(rng, observation);
    CheckingCanvas canvas;
    environment->Draw(canvas, environment->spec().action_high);
    CHECK(canvas.inside() > 1);
  }
}

// The document without the numbers that Cairo counts through all documents of a process.
std::string WithoutIds(const std::string& document) {
  static const std::regex ids("(surface|clip|glyph|mask|source)[0-9-]+");
  return std::regex_replace(document, ids, "$1");
}

TEST_CASE("svg: every environment gives a valid document, the same every time") {
  for (const envs::EnvironmentEntry& entry : envs::Registry()) {
    INFO(entry.name);
    const auto environment = entry.make();
    Rng rng(1);
    envs::Vector observation(environment->spec().observation_size);
    environment->Reset(rng, observation);
    const envs::Vector high = environment->spec().action_high, low = environment->spec().action_low;
    const std::string picture = SvgFrame(*environment, high);
    CHECK(WithoutIds(picture) == WithoutIds(SvgFrame(*environment, high)));
    CHECK(WithoutIds(picture) != WithoutIds(SvgFrame(*environment, envs::Vector())));
    CHECK(WithoutIds(picture) != WithoutIds(SvgFrame(*environment, low)));
    CHECK(WithoutIds(picture) != WithoutIds(SvgFrame(*environment, high, {.dark = true})));
    CHECK(picture.starts_with("<?xml"));
    CHECK(Count(picture, "<svg ") == 1);
    CHECK(IsBalanced(picture));
    CHECK(Count(picture, "nan") == 0);
    CHECK(Count(picture, "inf") == 0);
  }
}

TEST_CASE("svg: a film strip has a frame for each moment") {
  const auto environment = envs::Make("CartPoleSwingup");
  std::vector<Moment> moments;
  for (int i = 0; i < 5; ++i) {
    moments.push_back(
        {envs::Vector{{0.1 * i, 3.0, 0, 0}}, envs::Vector::Constant(1, 0.5), 0.25 * i});
  }
  const std::string film = SvgFilmStrip(*environment, moments, {.width = 100, .columns = 3});
  CHECK(IsBalanced(film));
  CHECK(film.find("width=\"324px\" height=\"738px\"") != std::string::npos);  // 3 × 2 frames
  moments.pop_back();
  const std::string shorter = SvgFilmStrip(*environment, moments, {.width = 100, .columns = 3});
  CHECK(Count(film, "<path ") > Count(shorter, "<path "));
  CHECK_THROWS_AS(SvgFilmStrip(*environment, {}), std::invalid_argument);
  CHECK_THROWS_AS(SvgFilmStrip(*environment, moments, {.columns = 0}), std::invalid_argument);
}

TEST_CASE("draw writes a film strip of every environment") {
  const nabla::test::Workplace nabla;
  for (const envs::EnvironmentEntry& entry : envs::Registry()) {
    INFO(entry.name);
    const std::string file = std::string(entry.name) + ".svg";
    nabla.Succeed("draw " + std::string(entry.name) + " --out " + file + " --frames 4");
    CHECK(IsBalanced(nabla::test::Read(nabla / file)));
  }
}

}  // namespace nabla::viewer::test
