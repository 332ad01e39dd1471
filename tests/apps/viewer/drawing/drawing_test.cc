// Laws of layout, colours and axis labels.
#include <algorithm>
#include <cmath>
#include <limits>

#include "agent/state/file_io.h"
#include "apps/viewer/drawing/colour_map.h"
#include "apps/viewer/drawing/painter.h"
#include "apps/viewer/drawing/ticks.h"
#include "apps/viewer/panels/layout.h"
#include "apps/viewer/panels/panels.h"
#include "tests/apps/viewer/drawing/vision.h"
#include "tests/support/catch.h"

namespace nabla::viewer::test {
namespace {

bool Inside(const Rect& inner, const Rect& outer) {
  return inner.x >= outer.x && inner.y >= outer.y && inner.right() <= outer.right() &&
         inner.bottom() <= outer.bottom();
}

bool Overlap(const Rect& a, const Rect& b) {
  return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

void CheckLayout(int width, int height, const PanelSet& panels, std::size_t environments) {
  const Theme theme = MakeTheme(true, width, height);
  const Layout layout = MakeLayout(width, height, theme, panels, environments);
  INFO(width << "x" << height << ", panels " << panels.to_string());
  REQUIRE(layout.panels.size() + layout.omitted.size() == panels.count());
  const Rect picture = {0, 0, 1.0 * width, 1.0 * height};
  bool holds = Inside(layout.status, picture);
  for (std::size_t i = 0; i < layout.panels.size(); ++i) {
    const Rect& rect = layout.panels[i].rect;
    holds = holds && Shows(panels, layout.panels[i].panel) && Inside(rect, picture) &&
            !Overlap(rect, layout.status) && rect.width >= kMinPanelWidth * theme.scale - 1 &&
            rect.height >= kMinPanelHeight * theme.scale - 1 && rect.x == std::floor(rect.x) &&
            rect.y == std::floor(rect.y);
    for (std::size_t j = 0; j < i; ++j) holds = holds && !Overlap(rect, layout.panels[j].rect);
  }
  CHECK(holds);
  if (width >= 1280 && height >= 720) CHECK(layout.omitted.empty());
}

TEST_CASE("layout: panels do not overlap, are inside and large enough, for every set and size") {
  constexpr int kSizes[][2] = {{1280, 720},  {1366, 768},  {1920, 1080}, {1920, 1200}, {2560, 1440},
                               {3440, 1440}, {3840, 2160}, {1280, 1024}, {720, 1280},  {640, 360},
                               {320, 200},   {1, 1},       {5000, 90},   {90, 5000}};
  for (const auto& [width, height] : kSizes) {
    for (unsigned set = 0; set < 1u << kPanels; ++set) {
      for (const std::size_t environments : {1u, 2u}) CheckLayout(width, height, set, environments);
    }
  }
}

TEST_CASE("panels: --panels takes every name, and refuses an unknown one with a list") {
  PanelSet all;
  for (const PanelInfo& info : kPanelTable) {
    CHECK(&info == &InfoOf(info.panel));
    CHECK(PanelDrawings()[IndexOf(info.panel)].draw != nullptr);
    const PanelSet one = ParsePanels(info.name);
    CHECK(one.count() == 1);
    all |= one;
  }
  CHECK(all == ParsePanels("all"));
  CHECK(ParsePanels("environment,network").count() == 2);
  CHECK_THROWS_WITH(
      ParsePanels("environment,valuemap"),
      nabla::test::ContainsText("valuemap") && nabla::test::ContainsText("value_map"));
}

TEST_CASE("colours: text and lines have enough contrast in every theme") {
  for (const bool dark : {true, false}) {
    INFO((dark ? "dark" : "light"));
    const Theme theme = MakeTheme(dark, 1280, 720);
    for (const Colour& ground : {theme.card, theme.ground}) {
      CHECK(Contrast(theme.text, ground) >= 7);
      CHECK(Contrast(theme.muted_text, ground) >= 4.5);
    }
    for (const Colour& colour : theme.series) CHECK(Contrast(colour, theme.card) >= 3);
    for (const Colour& colour : {theme.action, theme.gradient, theme.push, theme.warning}) {
      CHECK(Contrast(colour, theme.card) >= 3);  // the text of badges has the colour of the card
    }
    CHECK(Contrast(theme.push, theme.card) >= 4.5);  // also a text colour
    CHECK(Contrast(theme.axis, theme.card) >= 3);
    for (int i = 0; i <= static_cast<int>(envs::Paint::kText); ++i) {
      const auto paint = static_cast<envs::Paint>(i);
      const double least = paint == envs::Paint::kTrack || paint == envs::Paint::kTarget ? 2 : 3;
      CHECK(Contrast(theme.Of(paint), theme.card) >= least);
    }
  }
}

TEST_CASE("colours: colour-blind users can distinguish curves of the same plot") {
  for (const bool dark : {true, false}) {
    const Theme theme = MakeTheme(dark, 1280, 720);
    const std::vector<std::pair<Colour, Colour>> together = {
        {theme.series[0], theme.series[1]},  // evaluation and training
        {theme.series[0], theme.action},     // Q and the policy's action
        {theme.series[0], theme.gradient},   // Q and its tangent
        {theme.action, theme.gradient}};
    for (std::size_t i = 0; i < together.size(); ++i) {
      const auto& [a, b] = together[i];
      for (const auto kind :
           {ColourBlindness::kProtan, ColourBlindness::kDeutan, ColourBlindness::kTritan}) {
        INFO((dark ? "dark" : "light") << ", pair " << i << ", kind " << static_cast<int>(kind));
        CHECK(Distance(ToLab(Simulate(a, kind)), ToLab(Simulate(b, kind))) > 0.1);
      }
    }
  }
}

TEST_CASE("colour maps: lightness changes evenly") {
  for (int i = 1; i <= 100; ++i) {
    const double rise =
        ToLab(Viridis(i / 100.0)).lightness - ToLab(Viridis((i - 1) / 100.0)).lightness;
    CHECK(rise > 0.003);
    CHECK(rise < 0.011);
  }
  const Colour middle = MakeTheme(true, 1280, 720).zero;
  CHECK(Distance(ToLab(Diverging(0.5, middle)), ToLab(middle)) < 1e-3);
  for (const double side : {-1.0, 1.0}) {
    const double step =
        Distance(ToLab(Diverging(0.5, middle)), ToLab(Diverging(0.5 + side * 0.05, middle)));
    for (int i = 1; i < 10; ++i) {
      const double next = Distance(ToLab(Diverging(0.5 + side * 0.05 * i, middle)),
                                   ToLab(Diverging(0.5 + side * 0.05 * (i + 1), middle)));
      CHECK(next == Approx(step).epsilon(0.05));
    }
  }
}

TEST_CASE("colours: OKLab and back is the identity, contrast is that of WCAG") {
  for (const char* text : {"#000000", "#ffffff", "#3b528b", "#21918c", "#d1394f"}) {
    const Colour colour = FromHex(text), back = FromLab(ToLab(colour));
    CHECK(back.red == Approx(colour.red).margin(1e-4));
    CHECK(back.green == Approx(colour.green).margin(1e-4));
    CHECK(back.blue == Approx(colour.blue).margin(1e-4));
  }
  CHECK(Contrast(FromHex("#000000"), FromHex("#ffffff")) == Approx(21));
  CHECK(Contrast(FromHex("#777777"), FromHex("#ffffff")) == Approx(4.48).margin(0.01));
  CHECK_THROWS_AS(FromHex("#12345"), std::invalid_argument);
  CHECK_THROWS_AS(FromHex("#12345g"), std::invalid_argument);
}

TEST_CASE("ticks: in the range, at least two, with different labels") {
  for (const double size : {1e-6, 3e-3, 0.7, 1.0, 42.0, 9'999.0, 12'345.0, 4e6, 7e11}) {
    for (const double start : {-1.0, -0.3, 0.0, 0.2}) {
      for (const int count : {2, 3, 6, 12}) {
        const double low = start * size, high = low + size;
        const auto ticks = NiceTicks({low, high}, count);
        INFO("[" << low << ", " << high << "], " << count);
        CHECK(ticks.size() >= 2);
        CHECK(ticks.size() <= static_cast<std::size_t>(count) + 2);
        for (std::size_t i = 0; i < ticks.size(); ++i) {
          CHECK(ticks[i].value >= low - 1e-6 * size);
          CHECK(ticks[i].value <= high + 1e-6 * size);
          if (i > 0) CHECK(ticks[i].label != ticks[i - 1].label);
        }
      }
    }
  }
  const auto steps = NiceTicks({0, 20'000}, 5);
  CHECK(steps.back().label == "20k");
  CHECK(NiceTicks({2, 2}, 5).size() == 1);
  CHECK(LogarithmicTicks({0.02, 300}, 5).front().label == "0.1");
}

TEST_CASE("labels: a minus sign, groups of three digits, a dash if not finite") {
  CHECK(Label(-1.25, 1) == "\u22121.2");
  CHECK(Label(-0.04, 1) == "0.0");
  CHECK(Label(std::nan(""), 2) == "–");
  CHECK(Label(std::int64_t{1234567}) == "1,234,567");
  CHECK(Label(std::int64_t{-1000}) == "\u22121,000");
  CHECK(Label(0.0312) == "0.0312");
  CHECK(Label(123.4) == "123");
  CHECK(Label(2.04e-7) == "2.0e\u22127");
  CHECK(Label(-1.5e12) == "\u22121.5e12");
}

TEST_CASE("painter: points that are not finite are skipped") {
  const Theme theme = MakeTheme(true, 1280, 720);
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  Surface with(80, 60), without(80, 60);
  Painter painter(with, theme), reference(without, theme);
  const std::vector<Point> points = {{5, 5}, {40, 50}, {70, 20}};
  const std::vector<Point> more = {{kNan, 1}, {5, 5}, {40, 50}, {1, INFINITY}, {70, 20}};
  painter.Polyline(more, 2, theme.text);
  painter.Polygon(more, theme.action);
  painter.Dots(more, 3, theme.text);
  painter.Circle({kNan, 3}, 4, theme.text);
  painter.Text({3, kNan}, "text", {.size = 12, .colour = theme.text});
  reference.Polyline(points, 2, theme.text);
  reference.Polygon(points, theme.action);
  reference.Dots(points, 3, theme.text);
  CHECK(std::ranges::equal(with.pixels(), without.pixels()));
}

TEST_CASE("fonts: a font that is not installed is refused") {
  CHECK_NOTHROW(RequireFont(kDefaultFont));
  CHECK_THROWS_AS(RequireFont("No Such Font"), agent::InputError);
}

}  // namespace
}  // namespace nabla::viewer::test
