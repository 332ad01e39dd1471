// Laws of the layout, of the colours and of the numbers at the axes.
#include <cmath>

#include "agent/state/file_io.h"
#include "apps/viewer/drawing/colour_map.h"
#include "apps/viewer/drawing/ticks.h"
#include "apps/viewer/panels/layout.h"
#include "apps/viewer/panels/panels.h"
#include "tests/support/catch.h"

namespace nabla::viewer::test {
namespace {

bool Inside(const Rect& inner, const Rect& outer) {
  return inner.x >= outer.x && inner.y >= outer.y && inner.right() <= outer.right() &&
         inner.bottom() <= outer.bottom();
}

void CheckLayout(int width, int height, const PanelSet& panels, std::size_t environments) {
  const Theme theme = MakeTheme(true, width, height);
  const Layout layout = MakeLayout(width, height, theme, panels, environments);
  INFO(width << "x" << height << ", panels " << panels.to_string());
  REQUIRE(layout.panels.size() + layout.left_out.size() == panels.count());
  const Rect picture = {0, 0, 1.0 * width, 1.0 * height};
  bool holds = Inside(layout.status, picture);
  for (std::size_t i = 0; i < layout.panels.size(); ++i) {
    const Rect& rect = layout.panels[i].rect;
    holds = holds && Shows(panels, layout.panels[i].panel) && Inside(rect, picture) &&
            !rect.Overlaps(layout.status) && rect.width >= kLeastPanelWidth * theme.scale - 1 &&
            rect.height >= kLeastPanelHeight * theme.scale - 1 && rect.x == std::floor(rect.x) &&
            rect.y == std::floor(rect.y);
    for (std::size_t j = 0; j < i; ++j) holds = holds && !rect.Overlaps(layout.panels[j].rect);
  }
  CHECK(holds);
  if (width >= 1280 && height >= 720) CHECK(layout.left_out.empty());
}

TEST_CASE("layout: no two panels overlap, all are inside and legible, for every set and size") {
  constexpr int kSizes[][2] = {{1280, 720},  {1366, 768},  {1920, 1080}, {1920, 1200}, {2560, 1440},
                               {3440, 1440}, {3840, 2160}, {1280, 1024}, {720, 1280},  {640, 360},
                               {320, 200},   {1, 1},       {5000, 90},   {90, 5000}};
  for (const auto& [width, height] : kSizes) {
    for (unsigned set = 0; set < 1u << kPanels; ++set) {
      for (const std::size_t environments : {1u, 2u}) CheckLayout(width, height, set, environments);
    }
  }
}

TEST_CASE("panels: the names are those of --panels, and unknown ones are refused with a list") {
  PanelSet all;
  for (const PanelEntry& entry : PanelTable()) {
    CHECK(&entry == &PanelTable()[static_cast<std::size_t>(entry.panel)]);
    const PanelSet one = ParsePanels(entry.name);
    CHECK(one.count() == 1);
    all |= one;
  }
  CHECK(all == ParsePanels("all"));
  CHECK(ParsePanels("environment,network").count() == 2);
  CHECK_THROWS_WITH(
      ParsePanels("environment,valuemap"),
      nabla::test::ContainsText("valuemap") && nabla::test::ContainsText("value_map"));
}

TEST_CASE("colours: text and lines stand out from their ground in every theme") {
  for (const bool dark : {true, false}) {
    INFO((dark ? "dark" : "light"));
    const Theme theme = MakeTheme(dark, 1280, 720);
    for (const Colour& ground : {theme.card, theme.ground}) {
      CHECK(Contrast(theme.text, ground) >= 7);
      CHECK(Contrast(theme.muted_text, ground) >= 4.5);
    }
    for (const Colour& colour : theme.series) CHECK(Contrast(colour, theme.card) >= 3);
    for (const Colour& colour : {theme.action, theme.gradient, theme.push, theme.warning}) {
      CHECK(Contrast(colour, theme.card) >= 3);  // badges bear the card's colour as text
    }
    CHECK(Contrast(theme.push, theme.card) >= 4.5);  // it is text as well
    CHECK(Contrast(theme.axis, theme.card) >= 3);
    for (int i = 0; i <= static_cast<int>(envs::Paint::kText); ++i) {
      const auto paint = static_cast<envs::Paint>(i);
      const double least = paint == envs::Paint::kTrack || paint == envs::Paint::kTarget ? 2 : 3;
      CHECK(Contrast(theme.Of(paint), theme.card) >= least);
    }
  }
}

TEST_CASE("colours: curves that stand together are told apart by the colour-blind, too") {
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

TEST_CASE("colour maps: lightness rises evenly in viridis, evenly to both sides of the middle") {
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

TEST_CASE("ticks: round, within the range, two at least, with labels that tell them apart") {
  for (const double size : {1e-6, 3e-3, 0.7, 1.0, 42.0, 9'999.0, 12'345.0, 4e6, 7e11}) {
    for (const double start : {-1.0, -0.3, 0.0, 0.2}) {
      for (const int count : {2, 3, 6, 12}) {
        const double low = start * size, high = low + size;
        const auto ticks = NiceTicks(low, high, count);
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
  const auto steps = NiceTicks(0, 20'000, 5);
  CHECK(steps.back().label == "20k");
  CHECK(NiceTicks(2, 2, 5).size() == 1);
  CHECK(LogarithmicTicks(0.02, 300, 5).front().label == "0.1");
}

TEST_CASE("labels: a true minus sign, groups of three, a dash for no number") {
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

TEST_CASE("fonts: one that the system does not have is refused with the way out") {
  CHECK_NOTHROW(RequireFont(kDefaultFont));
  CHECK_THROWS_AS(RequireFont("No Such Font"), agent::InputError);
}

}  // namespace
}  // namespace nabla::viewer::test
