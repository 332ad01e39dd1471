// The panel "Networks": for each layer at the current state a column with its activations as cells,
// and below them the Frobenius norm of its weight Jacobian ∂y/∂θ.
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "apps/viewer/drawing/colour_map.h"
#include "apps/viewer/panels/card.h"
#include "apps/viewer/panels/panels.h"

namespace nabla::viewer {
namespace {

using Layer = NetworkView::Layer;

constexpr double kRow = 1.3;  // height of a row, in text sizes

// The number of columns for which the cells of `count` neurons in `area` are closest to squares,
// with a preference for complete rows.
int ColumnsOf(int count, const Rect& area) {
  const double ideal = std::sqrt(count * area.width / area.height);
  int best = 1;
  double least = 1e9;
  for (int columns = 1; columns <= count; ++columns) {
    const double rest = count % columns == 0 ? 0 : 0.7;
    const double misfit = std::abs(std::log(columns / ideal)) + rest;
    if (misfit < least) least = misfit, best = columns;
  }
  return best;
}

// The activations as a picture of one pixel each; cells without a neuron have the card's colour.
Surface Cells(const Layer& layer, int columns, const ColourTable& table, const Colour& card) {
  const int rows = (static_cast<int>(layer.activations.size()) + columns - 1) / columns;
  Extent sizes;
  sizes.Add(0);
  for (const float value : layer.activations) sizes.Add(std::abs(static_cast<double>(value)));
  const double reach = sizes.range().high;
  Surface cells(columns, rows);
  const std::span<std::uint32_t> pixels = cells.pixels();
  std::fill(pixels.begin(), pixels.end(), Packed(card));
  for (std::size_t i = 0; i < layer.activations.size(); ++i) {
    const auto value = static_cast<double>(layer.activations[i]);
    pixels[i] = Lookup(table, value, {-reach, reach}, Packed(card));
  }
  return cells;
}

// Cells as large as possible, but not larger than two text sizes.
Rect Fitting(const Surface& cells, const Rect& area, const Theme& theme) {
  const double most = 2 * theme.small_text;
  const double width = std::min(area.width, most * cells.width());
  const double height = std::min(area.height, most * cells.height());
  return {area.centre().x - width / 2, area.centre().y - height / 2, width, height};
}

double LargestNorm(const NetworkView::Network& network) {
  Extent norms;
  norms.Add(0);
  for (const Layer& layer : network.layers) norms.Add(layer.jacobian_norm);
  return norms.range().high;
}

void DrawNorm(Painter& painter, const Rect& row, double norm, double largest) {
  if (!std::isfinite(norm)) return;
  const Theme& theme = painter.theme();
  const double height = 0.35 * theme.small_text;
  const Rect track = {row.x, row.bottom() - height, row.width, height};
  painter.FillRounded(track, height / 2, theme.grid);
  const double share = largest > 0 ? norm / largest : 0;
  painter.FillRounded({track.x, track.y, std::max(height, share * track.width), height}, height / 2,
                      theme.series[1]);
  painter.Text(
      {row.centre().x, row.y + 0.5 * theme.small_text}, Label(norm),
      {.size = theme.small_text, .colour = theme.text, .horizontal = HorizontalAlign::kCentre});
}

// A text and its abbreviations, from the longest to the shortest.
using Forms = std::vector<std::string>;

// A layer's name in two rows: "linear(3 -> 64, silu)" as "3 → 64" and "silu", "layer_norm(64 ->
// 64)" as "64 → 64" and "layer_norm". Other names are unchanged.
std::pair<Forms, Forms> Rows(const std::string& name) {
  const std::size_t open = name.find('('), arrow = name.find(" -> ");
  if (open > arrow || arrow == std::string::npos || !name.ends_with(')')) return {{name}, {""}};
  const std::size_t end = std::min(name.find(", "), name.size() - 1);
  if (end < arrow) return {{name}, {""}};
  const std::string inputs = name.substr(open + 1, arrow - open - 1);
  const std::string outputs = name.substr(arrow + 4, end - arrow - 4);
  const std::string function =
      end == name.size() - 1 ? name.substr(0, open) : name.substr(end + 2, name.size() - end - 3);
  Forms lower = {function};
  if (function == "layer_norm") lower.emplace_back("norm");
  if (function == "identity") lower.emplace_back("id");
  return {{inputs + " → " + outputs, "→ " + outputs, outputs}, lower};
}

std::string Longest(Painter& painter, const Forms& forms, double width) {
  const double size = painter.theme().small_text;
  for (const std::string& form : forms) {
    if (painter.TextWidth(form, size) <= width) return form;
  }
  return painter.Fitted(forms.back(), width, size);
}

void DrawName(Painter& painter, Rect area, const std::string& name) {
  const Theme& theme = painter.theme();
  const auto [upper, lower] = Rows(name);
  for (const Forms& forms : {upper, lower}) {
    const Rect row = area.TakeTop(kRow * theme.small_text);
    painter.Note(row.centre(), Longest(painter, forms, row.width), HorizontalAlign::kCentre);
  }
}

void DrawLayer(Painter& painter, Rect area, const Layer& layer, double largest,
               const ColourTable& table) {
  const Theme& theme = painter.theme();
  DrawName(painter, area.TakeTop(2 * kRow * theme.small_text), layer.name);
  DrawNorm(painter, area.TakeBottom(1.7 * theme.small_text), layer.jacobian_norm, largest);
  area = area.Inset(0, 0.3 * theme.small_text, 0, 0.4 * theme.small_text);
  if (layer.activations.empty() || area.height < 2) return;
  const int columns = ColumnsOf(static_cast<int>(layer.activations.size()), area);
  const Surface cells = Cells(layer, columns, table, theme.card);
  painter.Picture(cells, Fitting(cells, area, theme), false);
}

// The width of the column of network names.
double NamesWidth(Painter& painter, const NetworkView& view) {
  const Theme& theme = painter.theme();
  double width = 4.6 * theme.small_text;
  for (const NetworkView::Network& network : view.networks) {
    width = std::max(width, painter.TextWidth(network.name, theme.small_text, true));
  }
  return width + 0.6 * theme.small_text;
}

void DrawOne(Painter& painter, Rect area, double names, const NetworkView::Network& network,
             const ColourTable& table) {
  const Theme& theme = painter.theme();
  const Rect label = area.TakeLeft(names);
  painter.Text({label.x, label.centre().y},
               painter.Fitted(network.name, label.width, theme.small_text, true),
               {.size = theme.small_text, .colour = theme.text, .bold = true});
  const double largest = LargestNorm(network);
  const auto cells =
      Grid(area, network.layers.size(), 0.01, 26 * theme.scale, area.height, 0.7 * theme.gap);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    DrawLayer(painter, cells[i], network.layers[i], largest, table);
  }
}

}  // namespace

void DrawNetwork(Painter& painter, const Rect& area, const Scene& scene) {
  const Theme& theme = painter.theme();
  const Rect inside =
      DrawCard(painter, area, InfoOf(Panel::kNetwork).title, "activations, ‖∂y/∂θ‖ per layer",
               {{"−", Diverging(0.1, theme.zero), LegendEntry::Mark::kBand},
                {"+", Diverging(0.9, theme.zero), LegendEntry::Mark::kBand}});
  const NetworkView* view = scene.network.get();
  if (!view || view->networks.empty()) return DrawEmpty(painter, inside, "no network yet");
  const ColourTable table = DivergingTable(theme.zero);
  const auto rows =
      Grid(inside, view->networks.size(), 1000, inside.width, 55 * theme.scale, 0.8 * theme.gap);
  const double names = NamesWidth(painter, *view);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    DrawOne(painter, rows[i], names, view->networks[i], table);
  }
}

}  // namespace nabla::viewer
