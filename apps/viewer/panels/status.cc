// The line at the bottom: run, progress and speed, and a message at the right.
#include <algorithm>
#include <cmath>

#include "apps/viewer/panels/card.h"
#include "apps/viewer/panels/panels.h"

namespace nabla::viewer {
namespace {

std::string Figures(const StatusView& status) {
  std::string text = "step " + Label(status.step);
  if (status.steps > 0) text += " of " + Label(status.steps);
  if (std::isfinite(status.steps_per_second)) {
    const double rate = std::clamp(status.steps_per_second, -1e15, 1e15);
    text += "  ·  " + Label(static_cast<std::int64_t>(rate)) + " steps/s";
  }
  return text;
}

std::string Message(const StatusView& status, const std::vector<Panel>& omitted) {
  if (!status.message.empty() || omitted.empty()) return status.message;
  std::string text = "no room for: ";
  for (const Panel panel : omitted) {
    if (panel != omitted.front()) text += ", ";
    text += InfoOf(panel).title;
  }
  return text;
}

void DrawProgress(Painter& painter, const Rect& place, const StatusView& status) {
  const Theme& theme = painter.theme();
  const double height = 0.4 * theme.small_text, y = place.centre().y - height / 2;
  const double share =
      std::clamp(static_cast<double>(status.step) / static_cast<double>(status.steps), 0.0, 1.0);
  painter.FillRounded({place.x, y, place.width, height}, height / 2, theme.outline);
  painter.FillRounded({place.x, y, std::max(height, share * place.width), height}, height / 2,
                      theme.series[0]);
}

}  // namespace

void DrawStatus(Painter& painter, const Rect& area, const StatusView& status,
                const std::vector<Panel>& omitted) {
  const Theme& theme = painter.theme();
  painter.Fill(area, theme.ground);
  Rect row = area.Inset(1.5 * theme.gap, 0, 1.5 * theme.gap, 0);
  const double size = theme.small_text;
  const auto say = [&](const std::string& text, const Colour& colour, bool bold = false) {
    const std::string fitted = painter.Fitted(text, row.width, size, bold);
    painter.Text({row.x, row.centre().y}, fitted, {.size = size, .colour = colour, .bold = bold});
    row.TakeLeft(painter.TextWidth(fitted, size, bold) + 1.5 * theme.gap);
  };
  const auto badge = [&](const char* text, const Colour& colour) {
    if (row.width < BadgeWidth(painter, text)) return;
    row.TakeLeft(DrawBadge(painter, {row.x, row.centre().y}, text, colour) + theme.gap);
  };
  if (!status.algorithm.empty()) say(status.algorithm, theme.text, true);
  say(status.run, theme.text);
  if (!status.state.empty()) say(status.state, theme.muted_text);
  if (status.steps > 0 && row.width > 300 * theme.scale) {
    DrawProgress(painter, row.TakeLeft(90 * theme.scale), status);
    row.TakeLeft(theme.gap);
  }
  say(Figures(status), theme.muted_text);
  if (!status.speed.empty()) say("speed " + status.speed, theme.muted_text);
  if (status.paused) badge("paused", theme.warning);
  if (status.recording) badge("recording", theme.action);
  const std::string message = Message(status, omitted);
  painter.Text({row.right(), row.centre().y}, painter.Fitted(message, row.width, size),
               {.size = size, .colour = theme.text, .horizontal = HorizontalAlign::kRight});
}

}  // namespace nabla::viewer
