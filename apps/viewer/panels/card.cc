#include "apps/viewer/panels/card.h"

#include <cmath>
#include <limits>

namespace nabla::viewer {

namespace {

Rect Padded(const Rect& area, const Theme& theme) {
  return area.Inset(1.3 * theme.gap, theme.gap, 1.3 * theme.gap, theme.gap);
}

}  // namespace

Rect DrawCard(Painter& painter, const Rect& area) {
  const Theme& theme = painter.theme();
  const Rect edge = area.Inset(theme.hairline / 2);
  painter.FillRounded(edge, theme.corner, theme.card);
  painter.StrokeRounded(edge, theme.corner, theme.hairline, theme.outline);
  return Padded(area, theme);
}

Rect InsideCard(const Rect& area, const Theme& theme) {
  return Padded(area, theme).Inset(0, 1.5 * theme.title_text + 0.5 * theme.gap, 0, 0);
}

std::string ShownOf(std::size_t shown, std::size_t all) {
  if (shown >= all) return "";
  return std::to_string(shown) + " of " + std::to_string(all) + " shown";
}

Rect DrawCard(Painter& painter, const Rect& area, std::string_view title, std::string_view note,
              const std::vector<LegendEntry>& legend) {
  const Theme& theme = painter.theme();
  Rect row = DrawCard(painter, area).TakeTop(1.5 * theme.title_text);
  const double title_width = painter.TextWidth(title, theme.title_text, true);
  painter.Text({row.x, row.centre().y}, painter.Fitted(title, row.width, theme.title_text, true),
               {.size = theme.title_text, .colour = theme.text, .bold = true});
  row.TakeLeft(title_width + theme.gap);
  row = DrawLegend(painter, row, legend);
  const std::string fitted = painter.Fitted(note, row.width, theme.small_text);
  if (fitted == note || row.width > 8 * theme.small_text) {  // avoid fragments of words
    painter.Note({row.x, row.centre().y + 0.05 * theme.title_text}, fitted);
  }
  return InsideCard(area, theme);
}

void DrawEmpty(Painter& painter, const Rect& area, std::string_view text) {
  const Theme& theme = painter.theme();
  painter.Text(area.centre(), painter.Fitted(text, area.width, theme.body_text),
               {.size = theme.body_text,
                .colour = theme.muted_text,
                .horizontal = HorizontalAlign::kCentre});
}

double BadgeWidth(Painter& painter, std::string_view text) {
  const double size = painter.theme().small_text;
  return painter.TextWidth(text, size, true) + 1.4 * size;
}

double DrawBadge(Painter& painter, Point at, std::string_view text, const Colour& colour) {
  const Theme& theme = painter.theme();
  const double width = BadgeWidth(painter, text), height = 1.7 * theme.small_text;
  painter.FillRounded({at.x, at.y - height / 2, width, height}, height / 2, colour);
  painter.Text({at.x + width / 2, at.y}, text,
               {.size = theme.small_text,
                .colour = theme.card,
                .horizontal = HorizontalAlign::kCentre,
                .bold = true});
  return width;
}

std::vector<Rect> Grid(const Rect& area, std::size_t count, double aspect, double min_width,
                       double min_height, double gap) {
  const auto fitting = [gap](double room, double smallest) {
    return std::max<std::size_t>(1, static_cast<std::size_t>((room + gap) / (smallest + gap)));
  };
  const std::size_t most_columns = fitting(area.width, min_width);
  const std::size_t most_rows = fitting(area.height, min_height);
  count = std::min(count, most_columns * most_rows);
  std::vector<Rect> best;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t columns = 1; columns <= std::min(count, most_columns); ++columns) {
    const std::size_t rows = (count + columns - 1) / columns;
    if (rows > most_rows) continue;
    const auto n = static_cast<double>(columns), m = static_cast<double>(rows);
    const double width = (area.width - gap * (n - 1)) / n;
    const double height = (area.height - gap * (m - 1)) / m;
    const double misfit = std::abs(std::log(width / height / aspect));
    if (misfit >= least) continue;
    least = misfit;
    best.clear();
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t column = i % columns, row = i / columns;
      best.push_back({area.x + static_cast<double>(column) * (width + gap),
                      area.y + static_cast<double>(row) * (height + gap), width, height});
    }
  }
  return best;
}

}  // namespace nabla::viewer
