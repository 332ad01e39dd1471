#include "apps/viewer/drawing/plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace nabla::viewer {
namespace {

std::vector<Tick> TicksOf(const Axis& axis, int count) {
  return axis.logarithmic ? LogarithmicTicks(axis.range, count) : NiceTicks(axis.range, count);
}

double WidestLabel(Painter& painter, const std::vector<Tick>& ticks) {
  double width = 0;
  for (const Tick& tick : ticks) {
    width = std::max(width, painter.TextWidth(tick.label, painter.theme().small_text));
  }
  return width;
}

// As many ticks as fit with a space between their numbers.
std::vector<Tick> XTicks(Painter& painter, const Axis& axis, double width) {
  std::vector<Tick> ticks;
  for (int count = std::max(2, static_cast<int>(width / (48 * painter.theme().scale))); count >= 2;
       --count) {
    ticks = TicksOf(axis, count);
    const double room = width / std::max<double>(1, static_cast<double>(ticks.size()) - 1);
    if (WidestLabel(painter, ticks) + painter.theme().small_text < room) break;
  }
  return ticks;
}

double RowHeight(const Theme& theme) { return 1.45 * theme.small_text; }

}  // namespace

Plot::Plot(Painter& painter, const Rect& area, Axis x, Axis y)
    : painter_(painter), area_(area), x_(std::move(x)), y_(std::move(y)), inner_(area) {
  for (Axis* axis : {&x_, &y_}) {
    axis->range = axis->logarithmic ? DrawableLogarithmic(axis->range) : Drawable(axis->range);
  }
  const Theme& theme = painter.theme();
  if (!y_.name.empty()) inner_.TakeTop(RowHeight(theme));
  if (!x_.name.empty()) inner_.TakeBottom(RowHeight(theme));
  if (x_.labelled) inner_.TakeBottom(RowHeight(theme));
  if (y_.labelled) inner_.TakeTop(0.65 * theme.small_text);  // half of the topmost number
  y_ticks_ =
      TicksOf(y_, std::max(2, 1 + static_cast<int>(inner_.height / (1.7 * RowHeight(theme)))));
  if (y_.labelled) {
    inner_.TakeLeft(WidestLabel(painter, y_ticks_) + 0.5 * theme.small_text);
    inner_.TakeRight(0.6 * theme.small_text);
  }
  x_ticks_ = XTicks(painter, x_, inner_.width);
}

double Plot::Share(const Axis& axis, double value) {
  if (!axis.logarithmic) return axis.range.Share(value);
  const double low = std::log(axis.range.low), high = std::log(axis.range.high);
  return (std::log(value) - low) / (high - low);
}

void Plot::DrawTicks() const {
  const Theme& theme = painter_.theme();
  const double tick = 0.3 * theme.small_text;
  for (const Tick& at : x_ticks_) {
    const double x = X(at.value);
    painter_.Line({x, inner_.y}, {x, inner_.bottom()}, theme.hairline, theme.grid);
    painter_.Line({x, inner_.bottom()}, {x, inner_.bottom() + tick}, theme.hairline, theme.axis);
    if (!x_.labelled) continue;
    const double half = painter_.TextWidth(at.label, theme.small_text) / 2;
    const double centre =
        std::clamp(x, area_.x + half, std::max(area_.x + half, area_.right() - half));
    painter_.Text({centre, inner_.bottom() + 0.55 * theme.small_text}, at.label,
                  {.size = theme.small_text,
                   .colour = theme.muted_text,
                   .horizontal = HorizontalAlign::kCentre,
                   .vertical = VerticalAlign::kTop});
  }
  for (const Tick& at : y_ticks_) {
    const double y = Y(at.value);
    painter_.Line({inner_.x, y}, {inner_.right(), y}, theme.hairline, theme.grid);
    if (!y_.labelled) continue;
    painter_.Note({inner_.x - 0.5 * theme.small_text, y}, at.label, HorizontalAlign::kRight);
  }
}

void Plot::Draw() const {
  const Theme& theme = painter_.theme();
  DrawTicks();
  painter_.Line({inner_.x, inner_.bottom()}, {inner_.right(), inner_.bottom()}, theme.hairline,
                theme.axis);
  painter_.Note({area_.x, area_.y + 0.5 * RowHeight(theme)}, y_.name, HorizontalAlign::kLeft,
                area_.width);
  painter_.Note({inner_.centre().x, area_.bottom() - 0.45 * RowHeight(theme)}, x_.name,
                HorizontalAlign::kCentre, area_.width);
}

Rect DrawLegend(Painter& painter, Rect row, const std::vector<LegendEntry>& entries) {
  const Theme& theme = painter.theme();
  const double mark = 1.5 * theme.small_text, blank = 0.5 * theme.small_text;
  const auto width_of = [&](const LegendEntry& entry) {
    return mark + blank + painter.TextWidth(entry.text, theme.small_text) + 2 * blank;
  };
  double width = 0;
  std::size_t count = 0;
  while (count < entries.size() && width + width_of(entries[count]) <= row.width) {
    width += width_of(entries[count++]);
  }
  Rect rest = row;
  Rect legend = rest.TakeRight(width);
  for (std::size_t i = 0; i < count; ++i) {
    const LegendEntry& entry = entries[i];
    Rect place = legend.TakeLeft(width_of(entry)).Inset(2 * blank, 0, 0, 0);
    const double y = place.centre().y;
    switch (entry.mark) {
      case LegendEntry::Mark::kLine:
        painter.Line({place.x, y}, {place.x + mark, y}, 1.4 * theme.line, entry.colour);
        break;
      case LegendEntry::Mark::kDot:
        painter.Circle({place.x + mark / 2, y}, 0.25 * theme.small_text, entry.colour);
        break;
      case LegendEntry::Mark::kBand:
        painter.Fill({place.x, y - 0.35 * theme.small_text, mark, 0.7 * theme.small_text},
                     entry.colour);
        break;
    }
    painter.Note({place.x + mark + blank, y}, entry.text);
  }
  return rest;
}

void DrawColourBar(Painter& painter, const Rect& area, const Surface& colours, Range range) {
  const Theme& theme = painter.theme();
  const Rect bar = {area.x, area.y, theme.small_text, area.height};
  painter.Picture(colours, bar, false);
  const int count = std::max(2, 1 + static_cast<int>(area.height / (2.5 * theme.small_text)));
  for (const Tick& tick : NiceTicks(range, count)) {
    const double y = bar.bottom() - bar.height * range.Share(tick.value);
    painter.Line({bar.right(), y}, {bar.right() + 0.3 * theme.small_text, y}, theme.hairline,
                 theme.axis);
    painter.Note({bar.right() + 0.6 * theme.small_text, y}, tick.label);
  }
}

double ColourBarWidth(Painter& painter, Range range) {
  const Theme& theme = painter.theme();
  return 1.6 * theme.small_text + WidestLabel(painter, NiceTicks(range, 6));
}

}  // namespace nabla::viewer
