// Pictures as text: every environment gives a whole SVG document, the same each time.
#include "envs/drawing/svg_canvas.h"

#include "envs/registry/registry.h"
#include "tests/support/catch.h"

namespace nabla::envs {
namespace {

std::size_t Count(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("every environment draws itself as SVG", "[envs]") {
  for (const EnvironmentEntry& entry : Registry()) {
    INFO(entry.name);
    const auto environment = entry.make();
    Rng rng(1);
    Vector observation(environment->spec().observation_size);
    environment->Reset(rng, observation);
    const std::string picture = SvgFrame(*environment, environment->spec().action_high);
    CHECK(picture == SvgFrame(*environment, environment->spec().action_high));
    CHECK(picture != SvgFrame(*environment, Vector()));
    CHECK(picture != SvgFrame(*environment, environment->spec().action_low));
    CHECK(picture != SvgFrame(*environment, environment->spec().action_high, {.dark = true}));
    CHECK(picture.starts_with("<svg xmlns="));
    CHECK(Count(picture, "<svg ") == Count(picture, "</svg>"));
    CHECK(Count(picture, "<text ") == Count(picture, "</text>"));
    CHECK(Count(picture, "\"") % 2 == 0);
    CHECK(Count(picture, "nan") == 0);
    CHECK(Count(picture, "inf") == 0);
  }
}

TEST_CASE("a film strip has a frame a moment", "[envs]") {
  const auto environment = Make("CartPoleSwingup");
  std::vector<Moment> moments;
  for (int i = 0; i < 5; ++i) {
    moments.push_back({Vector{{0.1 * i, 3.0, 0, 0}}, Vector::Constant(1, 0.5), 0.25 * i});
  }
  const std::string film = SvgFilmStrip(*environment, moments, {.width = 100, .columns = 3});
  CHECK(Count(film, "<svg ") == 6);
  CHECK(Count(film, ">0.75 s</text>") == 1);
  CHECK_THROWS_AS(SvgFilmStrip(*environment, {}), std::invalid_argument);
  CHECK_THROWS_AS(SvgFilmStrip(*environment, moments, {.columns = 0}), std::invalid_argument);
}

TEST_CASE("text in a picture is escaped", "[envs]") {
  SvgCanvas canvas(0, 0, {});
  canvas.View({0, 0}, {1, 1});
  canvas.Text({0.5, 0.5}, 0.1, "a < b & c", Paint::kText);
  CHECK(canvas.Element().find("a &lt; b &amp; c") != std::string::npos);
}

}  // namespace nabla::envs
