// The list of keys.
#include <algorithm>

#include "apps/viewer/panels/card.h"
#include "apps/viewer/panels/panels.h"

namespace nabla::viewer {

void DrawHelp(Painter& painter, const Rect& picture, const std::vector<KeyHelp>& help) {
  const Theme& theme = painter.theme();
  const double row_height = 1.75 * theme.body_text;
  double keys = 0, descriptions = 0;
  for (const KeyHelp& line : help) {
    keys = std::max(keys, painter.TextWidth(line.keys, theme.body_text, true));
    descriptions = std::max(descriptions, painter.TextWidth(line.description, theme.body_text));
  }
  const double margin = 2.5 * theme.gap;
  const double width =
      std::min(picture.width - 2 * theme.gap, keys + descriptions + 2 * theme.gap + 2 * margin);
  const double height =
      std::min(picture.height - 2 * theme.gap,
               row_height * static_cast<double>(help.size() + 1) + 2 * margin + theme.gap);
  const Rect card = {picture.centre().x - width / 2, picture.centre().y - height / 2, width,
                     height};
  painter.Fill(picture, theme.ground.WithAlpha(0.6));
  DrawCard(painter, card);
  Rect inside = card.Inset(margin);
  const Rect title = inside.TakeTop(row_height);
  painter.Text({title.x, title.centre().y}, "Keys",
               {.size = 1.2 * theme.title_text, .colour = theme.text, .bold = true});
  inside.TakeTop(theme.gap);
  for (const KeyHelp& line : help) {
    if (inside.height < row_height) break;
    Rect row = inside.TakeTop(row_height);
    painter.Text({row.x, row.centre().y}, line.keys,
                 {.size = theme.body_text, .colour = theme.series[0], .bold = true});
    row.TakeLeft(keys + 2 * theme.gap);
    painter.Text({row.x, row.centre().y},
                 painter.Fitted(line.description, row.width, theme.body_text),
                 {.size = theme.body_text, .colour = theme.text});
  }
}

}  // namespace nabla::viewer
