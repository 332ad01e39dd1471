#include "apps/viewer/drawing/theme.h"

#include <fontconfig/fontconfig.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "agent/state/file_io.h"
#include "envs/drawing/svg_canvas.h"

namespace nabla::viewer {
namespace {

void UseDark(Theme& theme) {
  theme.ground = FromHex("#0f1116");
  theme.card = FromHex("#171a21");
  theme.outline = FromHex("#272c37");
  theme.grid = FromHex("#262b35");
  theme.axis = FromHex("#5d6675");
  theme.text = FromHex("#e9ecf2");
  theme.muted_text = FromHex("#a0a8b7");
  theme.series = {FromHex("#56b4e9"), FromHex("#f0a430"), FromHex("#2fd09f"), FromHex("#e08cc0"),
                  FromHex("#f5e663")};
  theme.gradient = FromHex("#f0c64a");
  theme.push = FromHex("#d79bff");
  theme.warning = FromHex("#ffb454");
  theme.zero = FromHex("#2b303b");
}

void UseLight(Theme& theme) {
  theme.ground = FromHex("#eceff4");
  theme.card = FromHex("#ffffff");
  theme.outline = FromHex("#d5dae3");
  theme.grid = FromHex("#e6e9ef");
  theme.axis = FromHex("#8a93a3");
  theme.text = FromHex("#1b2130");
  theme.muted_text = FromHex("#5a6374");
  theme.series = {FromHex("#0072b2"), FromHex("#c45500"), FromHex("#00936a"), FromHex("#a3487f"),
                  FromHex("#6b5d00")};
  theme.gradient = FromHex("#5a4500");
  theme.push = FromHex("#7d3cc8");
  theme.warning = FromHex("#a85400");
  theme.zero = FromHex("#eef0f4");
}

}  // namespace

Colour Theme::Of(envs::Paint paint) const { return FromHex(envs::SvgColour(paint, dark)); }

Theme MakeTheme(bool dark, int width, int height, const std::string& font) {
  Theme theme;
  theme.dark = dark;
  dark ? UseDark(theme) : UseLight(theme);
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
  throw agent::InputError("the system has no font '" + name +
                          (name == kDefaultFont
                               ? "'; install fonts-dejavu-core or name another one with --font"
                               : "'; fc-list : family shows the names it has"));
}

}  // namespace nabla::viewer
