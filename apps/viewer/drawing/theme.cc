#include "apps/viewer/drawing/theme.h"

#include <fontconfig/fontconfig.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "agent/state/file_io.h"

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

Colour Theme::Of(envs::Paint paint) const {
  switch (paint) {
    case envs::Paint::kTrack:
      return FromHex(dark ? "#6b7280" : "#9aa1ad");
    case envs::Paint::kBody:
      return FromHex(dark ? "#7d8fd1" : "#3b528b");
    case envs::Paint::kLimb:
      return FromHex(dark ? "#35b7ab" : "#21918c");
    case envs::Paint::kJoint:
      return FromHex(dark ? "#e6e9ef" : "#1f2430");
    case envs::Paint::kTarget:
      return FromHex(dark ? "#8fdd6a" : "#5cb85c");
    case envs::Paint::kAction:
      return FromHex(dark ? "#ff7a85" : "#d1394f");
    case envs::Paint::kText:
      return FromHex(dark ? "#c9ced8" : "#3c4350");
  }
  throw std::logic_error("a paint without a colour");
}

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
  throw agent::InputError("font '" + name + "' is not installed; " +
                          (name == kDefaultFont
                               ? "install fonts-dejavu-core or choose another font with --font"
                               : "fc-list : family lists the installed fonts"));
}

}  // namespace nabla::viewer
