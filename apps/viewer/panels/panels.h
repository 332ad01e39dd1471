// The panels: each draws its part of a Scene into a rectangle, from its arguments alone.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "apps/viewer/drawing/cairo_canvas.h"
#include "apps/viewer/drawing/painter.h"
#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer {

struct PanelDrawing {
  void (*draw)(Painter& painter, const Rect& area, const Scene& scene);
  // What the drawing depends on besides theme and size: the same pointer gives the same picture.
  // Null: it changes all the time.
  std::shared_ptr<const void> (*data)(const Scene& scene);
};

// In the order of kPanelTable.
const std::array<PanelDrawing, kPanels>& PanelDrawings();

// Draws every environment of the scene, side by side. Returns where they are.
std::vector<Projection> DrawEnvironments(Painter& painter, const Rect& area, const Scene& scene);

// Draws the trajectory of the episode on top of the value map in `area`.
void DrawMapTrack(Painter& painter, const Rect& area, const Scene& scene);
// The values of both axes under a point of the value map in `area`; none outside the map.
std::optional<std::array<double, 2>> PickOnValueMap(Painter& painter, const Rect& area,
                                                    const Scene& scene, Point at);

void DrawStatus(Painter& painter, const Rect& area, const StatusView& status,
                const std::vector<Panel>& omitted);
// Draws the list of keys over the whole picture.
void DrawHelp(Painter& painter, const Rect& picture, const std::vector<KeyHelp>& help);

}  // namespace nabla::viewer
