// The panel of the environments, side by side: each with its drawing, time and return, and below it
// each component of the action: the applied one, the policy's, and ∇_a Q as an arrow.
#include <algorithm>
#include <array>
#include <cmath>

#include "apps/viewer/panels/card.h"
#include "apps/viewer/panels/panels.h"

namespace nabla::viewer {
namespace {

double ActionRowHeight(const Theme& theme) { return 1.9 * theme.small_text; }

// The number of rows for the components of the action: at most a third of the height. If there are
// more components, the last row says how many.
std::size_t ActionRows(const Rect& area, std::size_t actions, const Theme& theme) {
  const auto most = static_cast<std::size_t>(area.height / 3 / ActionRowHeight(theme));
  return std::min(actions, std::max<std::size_t>(1, most));
}

void DrawTitle(Painter& painter, Rect row, const EnvironmentView& view) {
  const Theme& theme = painter.theme();
  std::vector<std::pair<const char*, Colour>> badges;
  if (view.explores) badges.emplace_back("exploring", theme.series[0]);
  if (view.taken_over) badges.emplace_back("keyboard", theme.warning);
  for (const auto& [text, colour] : badges) {
    const Rect place = row.TakeRight(BadgeWidth(painter, text));
    DrawBadge(painter, {place.x, place.centre().y}, text, colour);
    row.TakeRight(0.5 * theme.gap);
  }
  const std::string title = painter.Fitted(view.environment, row.width, theme.title_text, true);
  painter.Text({row.x, row.centre().y}, title,
               {.size = theme.title_text, .colour = theme.text, .bold = true});
  row.TakeLeft(painter.TextWidth(title, theme.title_text, true) + theme.gap);
  painter.Note({row.x, row.centre().y + 0.05 * theme.title_text}, view.title,
               HorizontalAlign::kLeft, row.width);
}

// Four columns: time, return and Q with their names above them, and the episode with its step.
void DrawFigures(Painter& painter, const Rect& row, const EnvironmentView& view) {
  const Theme& theme = painter.theme();
  const double width = row.width / 4;
  const double big = std::min(theme.big_text, width / 4.8);
  const auto column = [&](int index) { return row.x + index * width; };
  const auto note = [&](Point at, const std::string& text) {
    painter.Note(at, text, HorizontalAlign::kLeft, width - 0.5 * theme.gap);
  };
  const std::array<std::pair<const char*, std::string>, 3> figures = {
      {{"time", Label(view.time, 2) + " s"},
       {"return so far", Label(view.total_reward, 1)},
       {"Q(s, μ(s))", Label(view.q)}}};
  const double upper = row.y + 0.5 * theme.small_text, lower = row.bottom() - 0.62 * theme.big_text;
  for (int i = 0; i < 3; ++i) {
    const auto& [name, value] = figures[static_cast<std::size_t>(i)];
    note({column(i), upper}, name);
    painter.Text({column(i), lower}, value, {.size = big, .colour = theme.text});
  }
  std::string step = "step " + Label(view.step);
  if (view.step_limit > 0) step += " of " + Label(view.step_limit);
  note({column(3), upper}, "episode " + Label(view.episode));
  note({column(3), lower}, step);
}

// A bar from the middle of the range to the applied action.
void DrawAction(Painter& painter, Rect row, const ActionView& action, double gradient_scale) {
  const Theme& theme = painter.theme();
  const Rect name = row.TakeLeft(5.6 * theme.small_text);
  const Rect number = row.TakeRight(4.6 * theme.small_text);
  row.TakeRight(0.8 * theme.small_text);
  painter.Note({name.x, name.centre().y}, action.name, HorizontalAlign::kLeft,
               name.width - 0.4 * theme.small_text);
  painter.Text(
      {number.right(), number.centre().y}, Label(action.value, 2),
      {.size = theme.small_text, .colour = theme.text, .horizontal = HorizontalAlign::kRight});
  const double height = 0.62 * theme.small_text, y = row.centre().y;
  const auto at = [&row](double normalized) {
    return row.x + row.width * (std::clamp(normalized, -1.0, 1.0) + 1) / 2;
  };
  painter.FillRounded({row.x, y - height / 2, row.width, height}, height / 2, theme.grid);
  const double from = std::min(at(0), at(action.normalized));
  const double width = std::abs(at(action.normalized) - at(0));
  painter.FillRounded({from, y - height / 2, width, height}, height / 2, theme.action);
  painter.Line({at(0), y - 0.8 * height}, {at(0), y + 0.8 * height}, theme.hairline, theme.axis);
  if (!std::isfinite(action.q_gradient)) return;
  const double start = at(action.policy);
  const double reach = action.policy + std::clamp(action.q_gradient * gradient_scale, -1.0, 1.0);
  painter.Line({start, y - height}, {start, y + height}, 1.2 * theme.line, theme.gradient);
  painter.Arrow({start, y}, {at(reach), y}, 1.3 * theme.line, theme.gradient);
}

// The scale of the arrows for ∇_a Q: with g its largest component and s the largest spread of Q in
// the slice (1 if unknown), the longest arrow is g / (g + s) of half the range.
double GradientScale(const EnvironmentView& view, const ActionSlice* slice) {
  Extent gradients;
  gradients.Add(0);
  for (const ActionView& action : view.actions) gradients.Add(std::abs(action.q_gradient));
  double spread = 0;
  if (slice) {
    for (const auto& dimension : slice->dimensions) {
      Extent values;
      values.AddAll(dimension.q);
      if (!values.empty()) spread = std::max(spread, values.range().width());
    }
  }
  return 1 / (gradients.range().high + (spread > 0 ? spread : 1));
}

void DrawActions(Painter& painter, Rect area, const Scene& scene, const EnvironmentView& view) {
  const Theme& theme = painter.theme();
  const double scale = GradientScale(view, scene.action_slice.get());
  const auto rows = static_cast<std::size_t>(std::lround(area.height / ActionRowHeight(theme)));
  const std::size_t count = view.actions.size() <= rows ? view.actions.size() : rows - 1;
  for (std::size_t i = 0; i < count; ++i) {
    DrawAction(painter, area.TakeTop(ActionRowHeight(theme)), view.actions[i], scale);
  }
  if (view.actions.size() > count && rows > 0) {
    const Rect row = area.TakeTop(ActionRowHeight(theme));
    painter.Note({row.x, row.centre().y},
                 "and " + std::to_string(view.actions.size() - count) + " more");
  }
}

void DrawPush(Painter& painter, const Projection& where, const PushView& push) {
  const Theme& theme = painter.theme();
  const Point from = where.ToPixels(push.from);
  const Point to = where.ToPixels(push.to);
  painter.Circle(from, 2.5 * theme.line, theme.push);
  painter.Arrow(from, to, 2 * theme.line, theme.push);
  const Rect& area = where.area;
  painter.Text(
      {area.centre().x, area.bottom() - theme.small_text},
      painter.Fitted("dragged with the mouse", area.width, theme.small_text),
      {.size = theme.small_text, .colour = theme.push, .horizontal = HorizontalAlign::kCentre});
}

Projection DrawOne(Painter& painter, Rect area, const Scene& scene, const EnvironmentView& view) {
  const Theme& theme = painter.theme();
  DrawTitle(painter, area.TakeTop(1.5 * theme.title_text), view);
  const std::size_t rows = ActionRows(area, view.actions.size(), theme);
  DrawActions(painter, area.TakeBottom(static_cast<double>(rows) * ActionRowHeight(theme)), scene,
              view);
  area.TakeBottom(0.5 * theme.gap);
  DrawFigures(painter, area.TakeBottom(1.3 * theme.small_text + 1.3 * theme.big_text), view);
  area.TakeBottom(0.5 * theme.gap);
  area.TakeTop(0.5 * theme.gap);
  const Painter::Clip clip(painter, area);
  CairoCanvas canvas(painter, area);
  if (!view.draw) return canvas.projection();
  if (view.draw_gradient) {
    CairoCanvas beneath(painter, area, theme.gradient);
    view.draw_gradient(beneath);
  }
  view.draw(canvas);
  if (view.push) DrawPush(painter, canvas.projection(), *view.push);
  return canvas.projection();
}

}  // namespace

std::vector<Projection> DrawEnvironments(Painter& painter, const Rect& area, const Scene& scene) {
  const Theme& theme = painter.theme();
  const Rect inside = DrawCard(painter, area);
  if (scene.environments.empty()) {
    DrawEmpty(painter, inside, "no episode yet");
    return {};
  }
  std::vector<Projection> projections;
  const auto cells =
      Grid(inside, scene.environments.size(), 1, 90 * theme.scale, 90 * theme.scale, 3 * theme.gap);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    projections.push_back(DrawOne(painter, cells[i], scene, scene.environments[i]));
  }
  return projections;
}

}  // namespace nabla::viewer
