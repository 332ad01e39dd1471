// The panels: each draws its part of a Scene into a rectangle, from nothing but its arguments.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "apps/viewer/drawing/cairo_canvas.h"
#include "apps/viewer/drawing/painter.h"
#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer {

struct PanelEntry {
  Panel panel;
  std::string name;   // as --panels takes it
  std::string title;  // as the panel shows it
  void (*draw)(Painter& painter, const Rect& area, const Scene& scene);
  // What the drawing depends on, beyond the theme and the size: the same pointer, the same picture.
  // Null: it changes all the time.
  std::shared_ptr<const void> (*data)(const Scene& scene);
};

// In the order of the enum.
std::span<const PanelEntry> PanelTable();

// "value_map,network", or "all". Throws agent::InputError that lists the names.
PanelSet ParsePanels(std::string_view names);

void DrawLearningCurve(Painter& painter, const Rect& area, const Scene& scene);
void DrawActionSlice(Painter& painter, const Rect& area, const Scene& scene);
void DrawValueMap(Painter& painter, const Rect& area, const Scene& scene);
void DrawTraining(Painter& painter, const Rect& area, const Scene& scene);
void DrawActionHistogram(Painter& painter, const Rect& area, const Scene& scene);
void DrawNetwork(Painter& painter, const Rect& area, const Scene& scene);

// Every environment of the scene, side by side; where their drawings have been put.
std::vector<Projection> DrawEnvironments(Painter& painter, const Rect& area, const Scene& scene);

// On top of the value map in `area`: the way of the episode.
void DrawMapTrack(Painter& painter, const Rect& area, const Scene& scene);
// The state under a point of the value map in `area`; nothing beside it.
std::optional<std::array<double, 2>> PickOnValueMap(Painter& painter, const Rect& area,
                                                    const Scene& scene, Point at);

void DrawStatus(Painter& painter, const Rect& area, const StatusView& status,
                const std::vector<Panel>& left_out);
// Over the whole picture.
void DrawHelp(Painter& painter, const Rect& picture, const std::vector<KeyHelp>& help);

}  // namespace nabla::viewer
