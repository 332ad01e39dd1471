// The panel "Value map": a quantity over two state components as colours, with the trajectory of
// the episode.
#include <algorithm>
#include <array>
#include <cmath>

#include "apps/viewer/drawing/colour_map.h"
#include "apps/viewer/panels/card.h"
#include "apps/viewer/panels/panels.h"

namespace nabla::viewer {
namespace {

std::string AxisName(const StateAxis& axis) {
  return axis.unit.empty() ? axis.name : axis.name + " (" + axis.unit + ")";
}

ColourTable TableOf(const ValueMap& map, const Theme& theme) {
  return map.diverging ? DivergingTable(theme.zero) : ViridisTable();
}

// The range of the colours: symmetric about 0 for a diverging map.
Range ColourRange(const ValueMap& map) {
  if (!map.diverging) return map.range;
  const double reach = std::max(std::abs(map.range.low), std::abs(map.range.high));
  return {-reach, reach};
}

// One pixel per value, the row of the largest y first.
Surface Cells(const ValueMap& map, const Theme& theme) {
  Surface cells(map.columns, map.rows);
  const ColourTable table = TableOf(map, theme);
  const Range range = ColourRange(map);
  const std::uint32_t missing = Packed(theme.card);
  const auto columns = static_cast<std::size_t>(map.columns);
  const auto rows = static_cast<std::size_t>(map.rows);
  const std::span<std::uint32_t> pixels = cells.pixels();
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      const auto value = static_cast<double>(map.values[(rows - 1 - row) * columns + column]);
      pixels[row * columns + column] = Lookup(table, value, range, missing);
    }
  }
  return cells;
}

Surface ColourScale(const ColourTable& table) {
  Surface scale(1, static_cast<int>(table.size()));
  std::copy(table.rbegin(), table.rend(), scale.pixels().begin());
  return scale;
}

bool IsComplete(const ValueMap* map) {
  return map && map->columns > 0 && map->rows > 0 &&
         map->values.size() ==
             static_cast<std::size_t>(map->columns) * static_cast<std::size_t>(map->rows);
}

// The parts of the card, the same for the map and for the trajectory on top of it.
struct MapParts {
  Rect map;
  Rect colour_bar;
};

MapParts Divide(Painter& painter, Rect inside, const ValueMap& map) {
  const Rect bar = inside.TakeRight(ColourBarWidth(painter, ColourRange(map)));
  inside.TakeRight(painter.theme().gap);
  return {inside, bar};
}

Plot MakePlot(Painter& painter, const Rect& area, const ValueMap& map) {
  return {painter,
          Divide(painter, InsideCard(area, painter.theme()), map).map,
          {.range = map.x.range, .name = AxisName(map.x)},
          {.range = map.y.range, .name = AxisName(map.y)}};
}

// Draws the trajectory, interrupted at jumps of a cyclic axis.
void DrawTrajectory(Painter& painter, const Plot& plot, const MapTrack& track, double width,
                    const Colour& colour) {
  std::vector<Point> piece;
  for (const auto& [x, y] : track.points) {
    const Point at = plot.At(x, y);
    if (!piece.empty() && std::abs(at.x - piece.back().x) > plot.inner().width / 2) {
      painter.Polyline(piece, width, colour);
      piece.clear();
    }
    piece.push_back(at);
  }
  painter.Polyline(piece, width, colour);
}

}  // namespace

void DrawValueMap(Painter& painter, const Rect& area, const Scene& scene) {
  const Theme& theme = painter.theme();
  const ValueMap* map = scene.value_map.get();
  if (!IsComplete(map)) {
    const Rect inside = DrawCard(painter, area, InfoOf(Panel::kValueMap).title);
    return DrawEmpty(painter, inside, "computing");
  }
  const Rect inside = DrawCard(painter, area, map->quantity, "over two state components");
  const Plot plot = MakePlot(painter, area, *map);
  plot.Draw();
  painter.Picture(Cells(*map, theme), plot.inner(), true);
  Rect bar = Divide(painter, inside, *map).colour_bar;
  bar.y = plot.inner().y, bar.height = plot.inner().height;
  DrawColourBar(painter, bar, ColourScale(TableOf(*map, theme)), ColourRange(*map));
}

void DrawMapTrack(Painter& painter, const Rect& area, const Scene& scene) {
  const ValueMap* map = scene.value_map.get();
  if (!IsComplete(map)) return;
  const Theme& theme = painter.theme();
  const Plot plot = MakePlot(painter, area, *map);
  const Painter::Clip clip(painter, plot.inner());
  // White with a dark rim is visible on every colour of the map.
  const Colour rim = FromHex("#101216"), white = FromHex("#ffffff");
  DrawTrajectory(painter, plot, scene.map_track, 2.2 * theme.line, rim.WithAlpha(0.55));
  DrawTrajectory(painter, plot, scene.map_track, theme.line, white);
  const auto [x, y] = scene.map_track.now;
  if (!std::isfinite(x) || !std::isfinite(y)) return;
  painter.Circle(plot.At(x, y), 3.2 * theme.line, rim);
  painter.Circle(plot.At(x, y), 2.2 * theme.line, white);
}

std::optional<std::array<double, 2>> PickOnValueMap(Painter& painter, const Rect& area,
                                                    const Scene& scene, Point at) {
  const ValueMap* map = scene.value_map.get();
  if (!IsComplete(map)) return {};
  const Rect inner = MakePlot(painter, area, *map).inner();
  if (!inner.Contains(at)) return {};
  return {{map->x.range.At((at.x - inner.x) / inner.width),
           map->y.range.At((inner.bottom() - at.y) / inner.height)}};
}

}  // namespace nabla::viewer
