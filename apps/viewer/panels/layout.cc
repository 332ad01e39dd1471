#include "apps/viewer/panels/layout.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace nabla::viewer {
namespace {

using Panels = std::vector<Panel>;
using Columns = std::vector<Panels>;

double Weight(const Panels& panels) {
  return std::accumulate(panels.begin(), panels.end(), 0.0,
                         [](double sum, Panel panel) { return sum + InfoOf(panel).weight; });
}

// Divides the panels into `count` columns of about equal weight, none empty.
Columns Divide(const Panels& panels, std::size_t count) {
  Columns columns(count);
  double left = Weight(panels);
  std::size_t next = 0;
  for (std::size_t c = 0; c < count; ++c) {
    const double share = left / static_cast<double>(count - c);
    const std::size_t others = count - c - 1;  // columns that still need a panel each
    double weight = 0;
    while (
        next + others < panels.size() &&
        (columns[c].empty() || weight + InfoOf(panels[next]).weight / 2 <= share || others == 0)) {
      weight += InfoOf(panels[next]).weight;
      columns[c].push_back(panels[next++]);
    }
    left -= weight;
  }
  return columns;
}

std::vector<PlacedPanel> Place(const Columns& columns, const Rect& area, double gap) {
  std::vector<PlacedPanel> placed;
  const auto count = static_cast<double>(columns.size());
  const double width = (area.width - gap * (count - 1)) / count;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const double left = area.x + static_cast<double>(c) * (width + gap);
    const double room = area.height - gap * (static_cast<double>(columns[c].size()) - 1);
    double top = area.y;
    for (const Panel panel : columns[c]) {
      const double height = room * InfoOf(panel).weight / Weight(columns[c]);
      const Rect exact = {left, top, width, height};
      const double x = std::round(exact.x), y = std::round(exact.y);
      placed.push_back(
          {panel, {x, y, std::round(exact.right()) - x, std::round(exact.bottom()) - y}});
      top += height + gap;
    }
  }
  return placed;
}

// The weighted sum of |log(aspect / preferred aspect)|; none if a panel is too small.
std::optional<double> Misfit(const std::vector<PlacedPanel>& placed, double scale) {
  double misfit = 0;
  for (const auto& [panel, rect] : placed) {
    if (rect.width < kMinPanelWidth * scale || rect.height < kMinPanelHeight * scale) return {};
    misfit +=
        InfoOf(panel).weight * std::abs(std::log(rect.width / rect.height / InfoOf(panel).aspect));
  }
  return misfit;
}

std::vector<PlacedPanel> Arrange(const Panels& panels, const Rect& area, const Theme& theme) {
  std::vector<PlacedPanel> best;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t count = 1; count <= panels.size(); ++count) {
    std::vector<PlacedPanel> placed = Place(Divide(panels, count), area, theme.gap);
    const std::optional<double> misfit = Misfit(placed, theme.scale);
    if (!misfit || *misfit >= least) continue;
    least = *misfit;
    best = std::move(placed);
  }
  return best;
}

// Several environments take the left half of the picture.
std::vector<PlacedPanel> ArrangeBeside(const Panels& panels, Rect area, const Theme& theme) {
  if (panels.size() < 2 || panels.front() != Panel::kEnvironment) return {};
  const Rect left = area.TakeLeft(std::round(0.48 * area.width));
  area.TakeLeft(theme.gap);
  std::vector<PlacedPanel> placed = Arrange({panels.begin() + 1, panels.end()}, area, theme);
  std::vector<PlacedPanel> first = Place({{Panel::kEnvironment}}, left, theme.gap);
  if (placed.empty() || !Misfit(first, theme.scale)) return {};
  placed.insert(placed.begin(), first.front());
  return placed;
}

}  // namespace

Layout MakeLayout(int width, int height, const Theme& theme, const PanelSet& panels,
                  std::size_t environments) {
  Layout layout;
  Rect area = {0, 0, static_cast<double>(width), static_cast<double>(height)};
  layout.status = area.TakeBottom(std::round(2.3 * theme.body_text));
  area = area.Inset(theme.gap, theme.gap, theme.gap, 0);
  Panels shown;
  for (const PanelInfo& info : kPanelTable) {
    if (Shows(panels, info.panel)) shown.push_back(info.panel);
  }
  while (!shown.empty()) {
    if (environments > 1) layout.panels = ArrangeBeside(shown, area, theme);
    if (layout.panels.empty()) layout.panels = Arrange(shown, area, theme);
    if (!layout.panels.empty()) break;
    layout.omitted.insert(layout.omitted.begin(), shown.back());
    shown.pop_back();
  }
  return layout;
}

}  // namespace nabla::viewer
