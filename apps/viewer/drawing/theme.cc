#include "apps/viewer/drawing/theme.h"

#include <fontconfig/fontconfig.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "agent/state/file_io.h"

namespace nabla::viewer {
namespace {

// The same colour in both themes.
struct Pair {
  const char *dark, *light;

  Colour Of(bool is_dark) const { return FromHex(is_dark ? dark : light); }
};

constexpr std::pair<Colour Theme::*, Pair> kColours[] = {
    {&Theme::ground, {"#0f1116", "#eceff4"}},     {&Theme::card, {"#171a21", "#ffffff"}},
    {&Theme::outline, {"#272c37", "#d5dae3"}},    {&Theme::grid, {"#262b35", "#e6e9ef"}},
    {&Theme::axis, {"#5d6675", "#8a93a3"}},       {&Theme::text, {"#e9ecf2", "#1b2130"}},
    {&Theme::muted_text, {"#a0a8b7", "#5a6374"}}, {&Theme::gradient, {"#f0c64a", "#5a4500"}},
    {&Theme::push, {"#d79bff", "#7d3cc8"}},       {&Theme::warning, {"#ffb454", "#a85400"}},
    {&Theme::zero, {"#2b303b", "#eef0f4"}},
};
constexpr std::array<Pair, 5> kSeries = {{{"#56b4e9", "#0072b2"},
                                          {"#f0a430", "#c45500"},
                                          {"#2fd09f", "#00936a"},
                                          {"#e08cc0", "#a3487f"},
                                          {"#f5e663", "#6b5d00"}}};
// In the order of envs::Paint: track, body, limb, joint, target, action, text.
constexpr std::array<Pair, 7> kPaints = {{{"#6b7280", "#9aa1ad"},
                                          {"#7d8fd1", "#3b528b"},
                                          {"#35b7ab", "#21918c"},
                                          {"#e6e9ef", "#1f2430"},
                                          {"#8fdd6a", "#5cb85c"},
                                          {"#ff7a85", "#d1394f"},
                                          {"#c9ced8", "#3c4350"}}};

}  // namespace

Colour Theme::Of(envs::Paint paint) const {
  return kPaints.at(static_cast<std::size_t>(paint)).Of(dark);
}

Theme MakeTheme(bool dark, int width, int height, const std::string& font) {
  Theme theme;
  theme.dark = dark;
  for (const auto& [member, pair] : kColours) theme.*member = pair.Of(dark);
  for (std::size_t i = 0; i < kSeries.size(); ++i) theme.series[i] = kSeries[i].Of(dark);
  theme.action = theme.Of(envs::Paint::kAction);
  theme.font = font;
  theme.scale = std::max(0.75, std::min(width / 1280.0, height / 720.0));
  for (double* size : {&theme.small_text, &theme.body_text, &theme.title_text, &theme.big_text,
                       &theme.line, &theme.hairline, &theme.gap, &theme.corner}) {
    *size *= theme.scale;
  }
  return theme;
}

void RequireFont(const std::string& name) {
  struct Free {
    void operator()(FcPattern* pattern) const { FcPatternDestroy(pattern); }
    void operator()(FcObjectSet* objects) const { FcObjectSetDestroy(objects); }
    void operator()(FcFontSet* fonts) const { FcFontSetDestroy(fonts); }
  };
  const std::unique_ptr<FcPattern, Free> pattern(FcPatternCreate());
  FcPatternAddString(pattern.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>(name.c_str()));
  const std::unique_ptr<FcObjectSet, Free> objects(FcObjectSetBuild(FC_FAMILY, nullptr));
  const std::unique_ptr<FcFontSet, Free> fonts(FcFontList(nullptr, pattern.get(), objects.get()));
  if (fonts && fonts->nfont > 0) return;
  throw agent::InputError("font '" + name + "' is not installed; " +
                          (name == kDefaultFont
                               ? "install fonts-dejavu-core or choose another font with --font"
                               : "fc-list : family lists the installed fonts"));
}

}  // namespace nabla::viewer
